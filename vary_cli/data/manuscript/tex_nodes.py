"""The nodes of a LaTeX source, and what kinds of them there are."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalker,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from vary_cli.data.manuscript.tex_words import LISTS, SECTIONS

GAP = re.compile(r"\n[ \t]*\n")
ARGUMENTS = {"caption": "[{", "href": "{{", "eqref": "{", "textcolor": "{{", "underline": "{"}
"""Of commands that the parser does not know by itself."""


def parsed(latex: str) -> Sequence[LatexNode]:
    """The nodes of a source. Raises LatexWalkerError."""
    nodes: Sequence[LatexNode] = LatexWalker(latex, tolerant_parsing=True, latex_context=known()).get_latex_nodes()[0]
    return nodes


@functools.cache
def known() -> LatexContextDb:
    """Commands and their arguments."""
    context = get_default_latex_context_db()
    macros = [MacroSpec(name, arguments) for name, arguments in ARGUMENTS.items()]
    context.add_context_category("papers", macros=macros, prepend=True)
    return context


def parted(nodes: Sequence[LatexNode]) -> Iterator[LatexNode | None]:
    """Nodes, and None where a blank line ends a paragraph."""
    for node in nodes:
        if isinstance(node, LatexCharsNode) and GAP.search(node.chars):
            pieces = GAP.split(node.chars)
            for number, piece in enumerate(pieces):
                if number:
                    yield None
                yield LatexCharsNode(chars=piece)
        elif isinstance(node, LatexSpecialsNode) and "\n" in node.specials_chars:
            yield None
        else:
            yield node


def is_block(node: LatexNode) -> bool:
    """Whether a node ends the paragraph before it."""
    if isinstance(node, LatexMacroNode):
        return node.macroname.rstrip("*") in {*SECTIONS, "caption"}
    return isinstance(node, LatexEnvironmentNode) or (isinstance(node, LatexMathNode) and node.displaytype == "display")


def is_list(node: LatexNode) -> bool:
    """Whether a node is a list."""
    return isinstance(node, LatexEnvironmentNode) and node.environmentname.rstrip("*") in LISTS


def split_items(nodes: Sequence[LatexNode]) -> list[tuple[LatexNode | None, list[LatexNode]]]:
    """The label and the nodes of each \\item."""
    items: list[tuple[LatexNode | None, list[LatexNode]]] = []
    for node in nodes:
        if isinstance(node, LatexMacroNode) and node.macroname == "item":
            given = node.nodeargd.argnlist if node.nodeargd else []
            items.append((given[0] if given else None, []))
        elif items:
            items[-1][1].append(node)
    return items
