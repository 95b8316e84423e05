"""Markdown's phrases as LaTeX: words, emphasis, code, links, formulas, footnotes, pictures in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode

from vary_cli import formula, markup
from vary_cli.formats.latex.characters import escape, escape_code

_BREAK = "\\leavevmode\\newline "
_AROUND = {"em": "\\emph{%s}", "strong": "\\textbf{%s}", "s": "%s"}
_TAGS = {"sub": "\\textsubscript{", "sup": "\\textsuperscript{", "/sub": "}", "/sup": "}", "br": _BREAK, "": ""}
_ADDRESS_CHARACTERS = ":/?=.,;@!*()'+&%#-_"


@dataclass(frozen=True)
class Page:
    """What phrases of a page may call on."""

    pictures: frozenset[str] = frozenset()
    """Names of its pictures."""
    notes: Mapping[int, SyntaxTreeNode] = field(default_factory=dict)
    """Footnotes by their number."""
    tight: bool = False
    """No room for a display: a heading, a cell, words that are emphasised."""


def phrase(nodes: Iterable[SyntaxTreeNode], page: Page) -> str:
    """Inline nodes one after the other. Groups that tags leave open are closed."""
    said = ""
    open_groups = 0
    for node in nodes:
        if node.type != "html_inline":
            said += _words(node, replace(page, tight=page.tight or open_groups > 0))
            continue
        piece = _tag(node.content)
        if piece == "}" and not open_groups:
            continue
        open_groups += piece.endswith("{") - (piece == "}")
        said += piece
    return said + "}" * open_groups


def _tag(content: str) -> str:
    name = markup.inline_tag(content)
    return escape(content) if name is None else _TAGS[name.replace("/br", "")]


def _words(node: SyntaxTreeNode, page: Page) -> str:
    if node.type in _WRITERS:
        return _WRITERS[node.type](node, page)
    if node.type in _AROUND:
        return _AROUND[node.type] % phrase(node.children, replace(page, tight=True))
    return escape(node.content)


def _inline(node: SyntaxTreeNode, page: Page) -> str:
    return phrase(node.children, page)


def _code(node: SyntaxTreeNode, page: Page) -> str:
    return f"\\texttt{{{escape_code(node.content).replace('  ', ' ~')}}}"


def _formula(node: SyntaxTreeNode, page: Page) -> str:
    return math(node.content, display=node.type == "math_inline_double" and not page.tight)


def math(latex: str, display: bool) -> str:
    """A formula; one that an engine might stumble over shows as its own source."""
    fit = formula.typeset(latex, display)
    if fit is None:
        return f"\\texttt{{{escape_code(' '.join(latex.split()))}}}"
    if not fit:
        return ""
    return f"\\[{fit}\\]" if display else f"\\({fit}\\)"


def _link(node: SyntaxTreeNode, page: Page) -> str:
    """A link that can be followed; one within the page is only its words."""
    words = phrase(node.children, replace(page, tight=True))
    address = str(node.attrs["href"])
    if ":" not in address:
        return words
    typed = quote(address, safe=_ADDRESS_CHARACTERS)
    for char in "%#&_":
        typed = typed.replace(char, f"\\{char}")
    return f"\\href{{{typed}}}{{{words}}}"


def _picture(node: SyntaxTreeNode, page: Page) -> str:
    """A picture of this page; of any other only its words."""
    name = str(node.attrs["src"])
    return f"\\pagepicture{{{name}}}" if name in page.pictures else phrase(node.children, page)


def _footnote(node: SyntaxTreeNode, page: Page) -> str:
    """The note where it is first called; its sign where it is called again or by a note."""
    note = page.notes.get(node.meta["id"])
    if note is None or node.meta.get("subId"):
        return f"\\textsuperscript{{{escape(str(node.meta.get('label') or node.meta['id'] + 1))}}}"
    inner = [inline for inline in note.walk() if inline.type == "inline"]
    return f"\\protect\\footnote{{{' '.join(phrase([inline], replace(page, notes={})).strip() for inline in inner)}}}"


_WRITERS: dict[str, Callable[[SyntaxTreeNode, Page], str]] = {
    "inline": _inline,
    "code_inline": _code,
    "math_inline": _formula,
    "math_inline_double": _formula,
    "link": _link,
    "image": _picture,
    "footnote_ref": _footnote,
    "footnote_anchor": lambda node, page: "",
    "softbreak": lambda node, page: "\n",
    "hardbreak": lambda node, page: _BREAK,
}
