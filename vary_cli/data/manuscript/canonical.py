"""A user's Markdown cut into blocks, each written again in one and the same manner, less what a picture cannot show.

Links keep their words, comments go; blocks with pictures or raw HTML are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from markdown_it.tree import SyntaxTreeNode

from vary_cli import markup, table
from vary_cli.compose import inline
from vary_cli.data.manuscript import Block

INDENT = 4


class Unfit(Exception):
    """A block holds something that a picture of it does not show."""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown text that can be typeset, in their order."""
    tree = markup.tree(text)
    notes = {int(node.meta["id"]): node for node in tree.walk() if node.type == "footnote"}
    for node in tree.children:
        if node.type == "footnote_block":
            continue
        try:
            yield Block(written(node), tuple(called(node, notes)))
        except Unfit:
            continue


def called(node: SyntaxTreeNode, notes: Mapping[int, SyntaxTreeNode]) -> Iterator[tuple[str, str]]:
    """The footnotes that a block calls."""
    for reference in node.walk():
        if reference.type == "footnote_ref":
            note = notes[int(reference.meta["id"])]
            yield label(reference), " ".join(words(part.children) for part in note.walk() if part.type == "inline")


def label(node: SyntaxTreeNode) -> str:
    """What a footnote is called by."""
    return str(node.meta.get("label") or int(node.meta["id"]) + 1)


def written(node: SyntaxTreeNode) -> str:
    """A block node as Markdown. Raises Unfit."""
    if node.type not in _BLOCKS:
        raise Unfit(node.type)
    return _BLOCKS[node.type](node)


def words(nodes: Iterable[SyntaxTreeNode]) -> str:
    """Inline nodes as Markdown. Raises Unfit."""
    said = ""
    for node in nodes:
        if node.type not in _PHRASES:
            raise Unfit(node.type)
        said += _PHRASES[node.type](node)
    return said


def _around(mark: str) -> Callable[[SyntaxTreeNode], str]:
    return lambda node: f"{mark}{words(node.children)}{mark}"


def _tag(node: SyntaxTreeNode) -> str:
    if node.content not in ("<sub>", "</sub>", "<sup>", "</sup>", "<br>"):
        raise Unfit(node.content)
    return node.content


_PHRASES: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "inline": lambda node: words(node.children),
    "text": lambda node: inline.escaped(node.content, dollars=True),
    "softbreak": lambda node: " ",
    "hardbreak": lambda node: "\\\n",
    "strong": _around("**"),
    "em": _around("*"),
    "s": _around("~~"),
    "code_inline": lambda node: inline.code(node.content),
    "math_inline": lambda node: f"${node.content}$",
    "footnote_ref": lambda node: f"[^{label(node)}]",
    "link": lambda node: words(node.children),
    "html_inline": _tag,
}


def _stacked(nodes: Iterable[SyntaxTreeNode], gap: str = "\n\n") -> str:
    return gap.join(written(node) for node in nodes)


def _heading(node: SyntaxTreeNode) -> str:
    return f"{'#' * int(node.tag[1])} {_stacked(node.children)}"


def _paragraph(node: SyntaxTreeNode) -> str:
    return inline.guarded(words(node.children[0].children).strip())


def _list(node: SyntaxTreeNode) -> str:
    """A list, tight or not as it was."""
    start = int(node.attrs.get("start", 1))
    tight = all(part.hidden for item in node.children for part in item.children if part.type == "paragraph")
    gap = "\n" if tight else "\n\n"
    items = []
    for count, item in enumerate(node.children):
        mark = "-" if node.type == "bullet_list" else f"{start + count}{node.markup or '.'}"
        lines = _stacked(item.children, gap).split("\n")
        inner = [lines[0], *(f"{' ' * INDENT}{line}" if line else "" for line in lines[1:])]
        items.append(f"{mark} " + "\n".join(inner))
    return gap.join(items)


def _quotation(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _stacked(node.children).split("\n"))


def _code(node: SyntaxTreeNode) -> str:
    return fenced(node.content.rstrip("\n"))


def fenced(lines: str) -> str:
    """Lines of code between fences that are longer than any within."""
    fence = "```"
    while fence in lines:
        fence += "`"
    return f"{fence}\n{lines}\n{fence}"


def _table(node: SyntaxTreeNode) -> str:
    rows = [row.children for part in node.children for row in part.children]
    entries = [
        [table.Entry(words(cell.children[0].children), header=cell.type == "th") for cell in row] for row in rows
    ]
    return table.markdown(tuple(map(tuple, entries)))


def _html(node: SyntaxTreeNode) -> str:
    if not node.content.strip().lower().startswith("<table") or not (rows := table.from_html(node.content)):
        raise Unfit("html")
    return table.html(rows)


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "inline": _PHRASES["inline"],
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quotation,
    "fence": _code,
    "code_block": _code,
    "math_block": lambda node: f"$$\n{node.content.strip()}\n$$",
    "table": _table,
    "html_block": _html,
}
