"""Markdown's blocks as LaTeX: headings, paragraphs, lists, quotations, code, displays, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from markdown_it.tree import SyntaxTreeNode

from vary_cli import markup, table
from vary_cli.formats import one_line
from vary_cli.formats.latex.characters import escape, escape_code
from vary_cli.formats.latex.phrases import Page, math, phrase
from vary_cli.formats.latex.tabulars import tabular

SECTIONS = ("section", "subsection", "subsubsection", "paragraph", "subparagraph")
_DEEPEST_LIST = 4


@dataclass(frozen=True)
class Place:
    """Where a block stands."""

    page: Page
    top: int = 1
    """The heading level that is a section."""
    depth: int = 0
    """Lists and quotations around it."""

    @property
    def inside(self) -> Place:
        """One list or quotation deeper."""
        return Place(self.page, self.top, self.depth + 1)


def blocks(nodes: Iterable[SyntaxTreeNode], place: Place) -> str:
    """Block nodes with a blank line between."""
    return "\n\n".join(said for said in (_block(node, place) for node in nodes) if said)


def _block(node: SyntaxTreeNode, place: Place) -> str:
    write = _WRITERS.get(node.type)
    return write(node, place) if write else blocks(node.children, place)


def _heading(node: SyntaxTreeNode, place: Place) -> str:
    level = min(max(int(node.tag[1]) - place.top, 0), len(SECTIONS) - 1)
    words = _tight(node.children, place)
    return f"\\{SECTIONS[level]}{{{one_line(words)}}}" if words else ""


def _tight(nodes: Iterable[SyntaxTreeNode], place: Place) -> str:
    """Words where no display fits."""
    return phrase(nodes, replace(place.page, tight=True)).strip()


def _paragraph(node: SyntaxTreeNode, place: Place) -> str:
    words = phrase(node.children, place.page).strip()
    inline = node.children[0].children if node.children else []
    alone = len(inline) == 1 and inline[0].type == "image" and words.startswith("\\pagepicture")
    return f"\\begin{{center}}\n{words}\n\\end{{center}}" if alone else words


def _list(node: SyntaxTreeNode, place: Place) -> str:
    """A list; deeper than LaTeX goes, its items are paragraphs."""
    start = int(node.attrs.get("start", 1))
    ordered = node.type == "ordered_list"
    items = [blocks(item.children, place.inside) for item in node.children]
    if place.depth >= _DEEPEST_LIST:
        return "\n\n".join(f"{start + count}. {item}" if ordered else f"-- {item}" for count, item in enumerate(items))
    kind = "enumerate" if ordered else "itemize"
    marks = [f"\\item[{start + count}.]" if ordered else "\\item" for count in range(len(items))]
    lines = [f"{mark} {item}".rstrip() for mark, item in zip(marks, items, strict=True)]
    return "\n".join([f"\\begin{{{kind}}}", *lines, f"\\end{{{kind}}}"])


def _quotation(node: SyntaxTreeNode, place: Place) -> str:
    inner = blocks(node.children, place.inside)
    if place.depth >= _DEEPEST_LIST or not inner:
        return inner
    return f"\\begin{{quote}}\n{inner}\n\\end{{quote}}"


def _code(node: SyntaxTreeNode, place: Place) -> str:
    return f"\\begin{{Verbatim}}[commandchars=\\\\\\{{\\}}]\n{escape_code(node.content.rstrip())}\n\\end{{Verbatim}}"


def _display(node: SyntaxTreeNode, place: Place) -> str:
    return math(node.content, display=True)


def _rule(node: SyntaxTreeNode, place: Place) -> str:
    return "\\noindent\\rule{\\linewidth}{0.4pt}"


def _table(node: SyntaxTreeNode, place: Place) -> str:
    rows = tuple(tuple(_cell(cell, place) for cell in row.children) for part in node.children for row in part.children)
    head = node.children[0].children[0].children
    sides = [str(cell.attrs.get("style", ""))[len("text-align:") :][:1] or "l" for cell in head]
    return tabular(rows, sides)


def _cell(node: SyntaxTreeNode, place: Place) -> table.Entry:
    return table.Entry(_tight(node.children, place), header=node.type == "th")


def _html(node: SyntaxTreeNode, place: Place) -> str:
    said = (_html_part(kind, part, place) for kind, part in markup.parts(node.content))
    return "\n\n".join(part for part in said if part)


def _html_part(kind: markup.Part, part: str, place: Place) -> str:
    if kind == "comment":
        return f"% {one_line(part)}"
    if kind == "text":
        return escape(part.strip())
    rows = table.from_html(part)
    return tabular(tuple(tuple(_entry(entry, place) for entry in row) for row in rows), []) if rows else ""


def _entry(entry: table.Entry, place: Place) -> table.Entry:
    words = _tight(markup.phrase(entry.text).children, place)
    return table.Entry(words, entry.rows, entry.columns, entry.header)


def _nothing(node: SyntaxTreeNode, place: Place) -> str:
    """Footnotes stand where they are called."""
    return ""


_WRITERS: dict[str, Callable[[SyntaxTreeNode, Place], str]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "inline": _paragraph,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quotation,
    "fence": _code,
    "code_block": _code,
    "math_block": _display,
    "hr": _rule,
    "table": _table,
    "html_block": _html,
    "footnote_block": _nothing,
}
