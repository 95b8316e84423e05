"""Plain text: the words of the pages without Markdown's marks, cells parted by tabs.

Formulas within lines are characters where these say all of them, and LaTeX as the others are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from markdown_it.tree import SyntaxTreeNode

from vary_cli import markup, table
from vary_cli.document import Document, PageText
from vary_cli.formats import DEFAULT, Rendering, failure, one_line
from vary_cli.formula import unicode

SUFFIX = ".txt"


def render(document: Document, options: Rendering = DEFAULT) -> str:
    """The document as plain text; its pictures do not show."""
    return "\n".join(_page(page, number, options) for number, page in enumerate(document.pages))


def render_page(page: PageText) -> str:
    """One page as plain text."""
    if page.finish == "failed":
        return f"[{failure(page)}]\n"
    text = plain(page.text)
    return f"{text}\n" if text else ""


def plain(markdown: str) -> str:
    """Markdown without its marks."""
    return _blocks(markup.tree(markdown).children)


def _page(page: PageText, index: int, options: Rendering) -> str:
    mark = {"none": "", "rule": "-" * 40 if index else ""}.get(options.page_breaks, f"[page {page.number}]")
    return "\n\n".join(part for part in (mark, render_page(page)) if part)


def _blocks(nodes: Iterable[SyntaxTreeNode], gap: str = "\n\n") -> str:
    return gap.join(text for text in map(_block, nodes) if text)


def _block(node: SyntaxTreeNode) -> str:
    return _BLOCKS.get(node.type, _around)(node)


def _around(node: SyntaxTreeNode) -> str:
    """A block that only holds others."""
    return _blocks(node.children)


def _paragraph(node: SyntaxTreeNode) -> str:
    return _phrase(node.children).strip()


def _as_it_is(node: SyntaxTreeNode) -> str:
    return node.content.strip("\n")


def _list(node: SyntaxTreeNode) -> str:
    """Items with a dash or their number, what belongs to them indented."""
    start = int(node.attrs.get("start", 1))
    ordered = node.type == "ordered_list"
    marks = [f"{start + count}. " if ordered else "- " for count in range(len(node.children))]
    return "\n".join(_item(mark, item) for mark, item in zip(marks, node.children, strict=True))


def _item(mark: str, node: SyntaxTreeNode) -> str:
    text = _blocks(node.children, "\n")
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    return "\n".join("\t".join(_cell(cell.children) for cell in row.children) for row in rows)


def _cell(nodes: Iterable[SyntaxTreeNode]) -> str:
    return one_line(_phrase(nodes))


def _html(node: SyntaxTreeNode) -> str:
    parts = [_html_part(kind, part) for kind, part in markup.parts(node.content)]
    return "\n\n".join(part for part in parts if part)


def _html_part(kind: markup.Part, part: str) -> str:
    if kind == "text":
        return part.strip()
    rows = table.from_html(part) if kind == "table" else ()
    return "\n".join("\t".join(_cell([markup.phrase(entry.text)]) for entry in row) for row in rows)


def _footnote(node: SyntaxTreeNode) -> str:
    return f"[{_label(node)}] {_blocks(node.children)}"


def _label(node: SyntaxTreeNode) -> str:
    return str(node.meta.get("label") or node.meta["id"] + 1)


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "paragraph": _paragraph,
    "heading": _paragraph,
    "inline": _paragraph,
    "fence": _as_it_is,
    "code_block": _as_it_is,
    "math_block": _as_it_is,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "html_block": _html,
    "footnote": _footnote,
}


def _phrase(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(map(_words, nodes))


def _words(node: SyntaxTreeNode) -> str:
    if node.type == "image":
        return _phrase(node.children)
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "footnote_ref":
        return f"[{_label(node)}]"
    if node.type == "math_inline":
        return unicode.plain(node.content) or node.content
    if node.type == "html_inline":
        return _tag(node.content)
    return _phrase(node.children) or node.content


def _tag(content: str) -> str:
    name = markup.inline_tag(content)
    return content if name is None else "\n" if name == "br" else ""
