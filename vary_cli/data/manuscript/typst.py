"""Markdown as Typst: every block and phrase of the dialect that shows on a page. Knows no page and no look.

Words go in as string literals, so nothing in them can act as a mark.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping

from markdown_it.tree import SyntaxTreeNode

from vary_cli import formula, markup, table
from vary_cli.data.manuscript import Block

Notes = Mapping[int, SyntaxTreeNode]

NOTE = "note:"
"""What a footnote's link leads to; its label follows."""

_TAG = re.compile(r"\\tag\{([^{}]*)\}")
_CASES = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}", re.DOTALL)
_RENAMED = {"times.circle": "times.o", "minus.circle": "minus.o", "dot.circle": "dot.o"}
"""Signs that the translator calls by names that Typst has given up."""


class Unset(Exception):
    """Something in the Markdown that cannot be shown faithfully: a picture, raw HTML, a formula not understood."""


@functools.lru_cache(maxsize=4096)
def typst(block: Block) -> str:
    """A block with its footnotes as Typst. Raises Unset."""
    tree = markup.tree(block.whole)
    notes = {int(node.meta["id"]): node for node in tree.walk() if node.type == "footnote"}
    return "\n".join(_block(node, notes) for node in tree.children if node.type != "footnote_block")


def _block(node: SyntaxTreeNode, notes: Notes) -> str:
    if node.type not in _BLOCKS:
        raise Unset(node.type)
    return _BLOCKS[node.type](node, notes)


def _all(nodes: Iterable[SyntaxTreeNode], notes: Notes) -> str:
    return "\n".join(_block(node, notes) for node in nodes)


def _words(nodes: Iterable[SyntaxTreeNode], notes: Notes) -> str:
    """Inline nodes. Each is an expression of its own; a tag's words are what follows up to its end."""
    said, open_tags = "", 0
    for node in nodes:
        if node.type == "html_inline":
            piece, opens = _tag(node.content)
            said, open_tags = said + piece, open_tags + opens
        elif node.type in _PHRASES:
            said += _PHRASES[node.type](node, notes)
        else:
            raise Unset(node.type)
    if open_tags:
        raise Unset("a tag that is not closed")
    return said


def _tag(content: str) -> tuple[str, int]:
    """What stands for a tag, and by how much it opens more than it closes."""
    known = {"<sub>": ("#sub[", 1), "<sup>": ("#super[", 1), "<br>": ("#linebreak();", 0)}
    closing = {"</sub>": ("];", -1), "</sup>": ("];", -1)}
    if content not in known | closing:
        raise Unset(content)
    return (known | closing)[content]


def string(text: str) -> str:
    """A literal that says a text."""
    return json.dumps(text, ensure_ascii=False).replace("\\u", "?")


def formula_of(latex: str, display: bool) -> tuple[str, str]:
    """A formula as Typst's, and the number it bears. Raises Unset if it is not understood."""
    import tex2typst

    tags = _TAG.findall(latex)
    fit = formula.typeset(_TAG.sub("", latex), display)
    if not fit:
        raise Unset("a formula")
    fit = re.sub(r"\\(?:no)?limits(?![A-Za-z])", "", fit)  # a word to the translator
    try:
        said: str = tex2typst.tex2typst(_CASES.sub(lambda found: found[0].replace("&", r"& \quad "), fit))
    except ValueError as error:  # the translator's word for what it does not know
        raise Unset("a formula") from error
    for old, new in _RENAMED.items():
        said = said.replace(old, new)
    return said, tags[-1] if tags else ""


def _display(node: SyntaxTreeNode, notes: Notes) -> str:
    said, number = formula_of(node.content, display=True)
    numbering = f"numbering: _ => {string(f'({number})')}" if number else "numbering: none"
    return f"#math.equation(block: true, {numbering}, $ {said} $)"


def _inline_formula(node: SyntaxTreeNode, notes: Notes) -> str:
    said, _ = formula_of(node.content, display=False)
    return f"${said}$"


def _footnote(node: SyntaxTreeNode, notes: Notes) -> str:
    inner = [inline for inline in notes[int(node.meta["id"])].walk() if inline.type == "inline"]
    label = str(node.meta.get("label") or "")
    said = " ".join(_words(inline.children, {}) for inline in inner)
    return f"#footnote[#link({string(f'{NOTE}{label}')})[{said}]];"


def _around(function: str) -> Callable[[SyntaxTreeNode, Notes], str]:
    return lambda node, notes: f"#{function}[{_words(node.children, notes)}];"


_PHRASES: dict[str, Callable[[SyntaxTreeNode, Notes], str]] = {
    "inline": lambda node, notes: _words(node.children, notes),
    "text": lambda node, notes: f"#{string(node.content)};" if node.content else "",
    "softbreak": lambda node, notes: '#" ";',
    "hardbreak": lambda node, notes: "#linebreak();",
    "strong": _around("strong"),
    "em": _around("emph"),
    "s": _around("strike"),
    "code_inline": lambda node, notes: f"#raw({string(node.content)});",
    "math_inline": _inline_formula,
    "footnote_ref": _footnote,
}


def _heading(node: SyntaxTreeNode, notes: Notes) -> str:
    return f"#heading(level: {int(node.tag[1])})[{_all(node.children, notes)}]"


def _list(node: SyntaxTreeNode, notes: Notes) -> str:
    items = ", ".join(f"[{_all(item.children, notes)}]" for item in node.children)
    if node.type == "bullet_list":
        return f"#list({items})"
    mark = string(f"1{node.markup or '.'}")
    return f"#enum(start: {int(node.attrs.get('start', 1))}, numbering: {mark}, {items})"


def _paragraph(node: SyntaxTreeNode, notes: Notes) -> str:
    """A paragraph; in a tight list only its words."""
    words = _all(node.children, notes)
    return words if node.hidden else f"#par[{words}]"


def _code(node: SyntaxTreeNode, notes: Notes) -> str:
    lines = json.dumps(node.content.rstrip("\n"), ensure_ascii=False)
    return f"#raw(block: true, {lines})"


def _table(node: SyntaxTreeNode, notes: Notes) -> str:
    rows = [row.children for part in node.children for row in part.children]
    sides = [str(cell.attrs.get("style", "")).removeprefix("text-align:") or "left" for cell in rows[0]]
    cells = [_cell(f"[{_all(cell.children, notes)}]", cell.type == "th") for row in rows for cell in row]
    return _grid(len(rows[0]), cells, sides)


def _html(node: SyntaxTreeNode, notes: Notes) -> str:
    rows = table.from_html(node.content)
    if not rows or not node.content.strip().lower().startswith("<table"):
        raise Unset("html")
    cells = [_entry(entry) for row in rows for entry in row]
    return _grid(table.width(rows), cells, ["left"] * table.width(rows))


def _entry(entry: table.Entry) -> str:
    words = _words(markup.phrase(entry.text).children, {})
    return _cell(f"[{words}]", entry.header, f"rowspan: {entry.rows}, colspan: {entry.columns}, ")


def _cell(words: str, header: bool, spans: str = "") -> str:
    return f"table.cell({spans}strong{words})" if header else f"table.cell({spans}{words})"


def _grid(columns: int, cells: Iterable[str], sides: Iterable[str]) -> str:
    return f"#table(columns: {columns}, align: ({', '.join(sides)},), {', '.join(cells)})"


_BLOCKS: dict[str, Callable[[SyntaxTreeNode, Notes], str]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "inline": _PHRASES["inline"],
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": lambda node, notes: f"#quote(block: true)[{_all(node.children, notes)}]",
    "fence": _code,
    "code_block": _code,
    "math_block": _display,
    "table": _table,
    "html_block": _html,
    "hr": lambda node, notes: "#line(length: 100%)",
}
