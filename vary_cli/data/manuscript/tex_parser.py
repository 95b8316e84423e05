"""LaTeX sources cut into blocks of Markdown: headings, paragraphs, lists, tables, displays, code.

It need not understand a document to its end: what it does not know is left out, since the pages are typeset anew from
what it does. Vary paper, section 3.3: text, tables and formulas cut from arXiv sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexCommentNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalkerError,
)

from vary_cli import table, tabular
from vary_cli.compose import inline
from vary_cli.data.manuscript import Block
from vary_cli.data.manuscript.canonical import INDENT, Unfit, fenced
from vary_cli.data.manuscript.tex_macros import expanded
from vary_cli.data.manuscript.tex_nodes import is_block, is_list, parsed, parted, split_items
from vary_cli.data.manuscript.tex_words import (
    ACCENTS,
    AROUND,
    CODE,
    DISPLAYS,
    DROPPED,
    LISTS,
    NAMES,
    REFERENCES,
    SECTIONS,
    SIGNS,
    SPELLED,
    SWITCHES,
    SYMBOLS,
    WRAPPERS,
    around,
    display,
    math,
)


def blocks(latex: str) -> list[Block]:
    """The blocks of a LaTeX source. Footnotes are numbered in their order."""
    latex = expanded(latex)
    body = re.search(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", latex, re.DOTALL)
    try:
        nodes = parsed(body[1] if body else latex)
    except (LatexWalkerError, RecursionError):
        return []
    parser = Parser()
    return [block for block in parser.of(nodes) if block.text.strip()]


@dataclass
class Parser:
    """One source being read; it numbers the footnotes."""

    notes: list[tuple[str, str]] = field(default_factory=list)
    called: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    """What is referred to, numbered as it is met."""

    def of(self, nodes: Sequence[LatexNode]) -> Iterator[Block]:
        """Blocks of nodes: paragraphs are what stands between blank lines, headings and environments."""
        run: list[LatexNode] = []
        for node in parted(nodes):
            if node is None or is_block(node):
                yield from self.paragraph(run)
                run = []
            if node is not None and is_block(node):
                yield from self.block(node)
            elif node is not None:
                run.append(node)
        yield from self.paragraph(run)

    def paragraph(self, nodes: Sequence[LatexNode]) -> Iterator[Block]:
        """A paragraph, if it is understood."""
        self.notes = []
        try:
            text = " ".join(self.phrase(nodes).split())
        except Unfit:
            return
        if any(char.isalnum() for char in text):
            yield Block(inline.guarded(text), tuple(self.notes))

    def block(self, node: LatexNode) -> Iterator[Block]:
        """A heading, a display or an environment; none if it is not understood."""
        self.notes = []
        try:
            if isinstance(node, LatexMathNode):
                yield Block(display(node.latex_verbatim()))
            elif isinstance(node, LatexMacroNode) and node.macroname.rstrip("*") == "caption":
                yield Block(inline.guarded(" ".join(self.argument(node).split())), tuple(self.notes))
            elif isinstance(node, LatexMacroNode):
                yield Block(f"{'#' * SECTIONS[node.macroname]} {self.argument(node)}", tuple(self.notes))
            elif isinstance(node, LatexEnvironmentNode):
                yield from self.environment(node)
        except Unfit:
            return

    def environment(self, node: LatexEnvironmentNode) -> Iterator[Block]:
        """What stands between \\begin and \\end. Raises Unfit."""
        name = node.environmentname.rstrip("*")
        if name in WRAPPERS:
            yield from self.of(node.nodelist)
        elif name in DISPLAYS:
            yield Block(display(node.latex_verbatim()))
        elif name in LISTS:
            lines = "\n".join(self.items(node, 0))
            yield Block(lines, tuple(self.notes))
        elif name.startswith("tabular"):
            yield Block(self.table(node))
        elif name in CODE:
            inner = re.sub(r"^\\begin\{.*?\}(?:\[[^\]]*\])?\n?|\\end\{[^}]*\}$", "", node.latex_verbatim())
            yield Block(fenced(inner.strip("\n").expandtabs(4)))

    def items(self, node: LatexEnvironmentNode, depth: int) -> Iterator[str]:
        """Lines of a list. Raises Unfit."""
        mark = LISTS[node.environmentname.rstrip("*")]
        for number, (label, item) in enumerate(split_items(node.nodelist), 1):
            name = around("**", self.words(label)) + " " if label is not None else ""
            inner = [part for part in item if is_list(part)]
            text = " ".join(self.phrase([part for part in item if not is_list(part)]).split())
            lead = f"{number}." if mark != "-" else mark
            yield f"{' ' * INDENT * depth}{lead} {inline.guarded(name + text) or '—'}"
            for part in inner:
                yield from self.items(part, depth + 1)

    def table(self, node: LatexEnvironmentNode) -> str:
        """A tabular. Raises Unfit."""
        latex = re.sub(r"^\\begin\{[^}]*\}|\\end\{[^}]*\}$", "", node.latex_verbatim())
        rows = tabular.rows(latex)
        if len(rows) < 2 or not 1 < table.width(rows) < 9:
            raise Unfit("a table")
        told = [
            [table.Entry(self.cell(entry.text), entry.rows, entry.columns, entry.header) for entry in row]
            for row in rows
        ]
        return table.markdown(tuple(map(tuple, told)))

    def cell(self, latex: str) -> str:
        """A cell's words. Raises Unfit."""
        nodes = parsed(latex)
        return " ".join(self.phrase(nodes).split())

    def phrase(self, nodes: Sequence[LatexNode]) -> str:
        """Inline nodes as Markdown. Raises Unfit."""
        return "".join(self.words(node) for node in nodes)

    def words(self, node: LatexNode) -> str:
        """An inline node as Markdown. Raises Unfit."""
        if isinstance(node, LatexCharsNode):
            return inline.escaped(node.chars, dollars=True)
        if isinstance(node, LatexCommentNode) or node is None:
            return ""
        if isinstance(node, LatexGroupNode):
            return self.group(node)
        if isinstance(node, LatexSpecialsNode):
            return inline.escaped(SIGNS.get(node.specials_chars, node.specials_chars), dollars=True)
        if isinstance(node, LatexMathNode) and node.displaytype == "inline":
            return math(node.latex_verbatim())
        if isinstance(node, LatexMacroNode):
            return self.macro(node)
        raise Unfit(type(node).__name__)

    def group(self, node: LatexGroupNode) -> str:
        """What stands in braces; {\\bf words} is emphasis. Raises Unfit."""
        first = node.nodelist[0] if node.nodelist else None
        if isinstance(first, LatexMacroNode) and first.macroname in SWITCHES:
            return around(SWITCHES[first.macroname], self.phrase(node.nodelist[1:]))
        return self.phrase(node.nodelist)

    def macro(self, node: LatexMacroNode) -> str:
        """A command within a line. Raises Unfit."""
        name = node.macroname.rstrip("*")
        if name in AROUND:
            return around(AROUND[name], self.argument(node))
        if name == "footnote":
            self.called += 1
            label = str(self.called)
            self.notes.append((label, " ".join(self.argument(node).split())))
            return f"[^{label}]"
        if name in REFERENCES:
            keys = self.argument(node).split(",")
            numbers = [str(self.labels.setdefault(key.strip(), len(self.labels) + 1)) for key in keys]
            return inline.escaped(REFERENCES[name].format(", ".join(numbers)), dollars=True)
        if name in DROPPED:
            return ""
        if name == "\\" or name == "newline":
            return " "
        if name not in SYMBOLS | NAMES.keys() and (name.isalpha() and name not in ACCENTS):
            raise Unfit(name)
        said = NAMES.get(name) or str(SPELLED.node_to_text(node))
        if not said:
            raise Unfit(name)
        return inline.escaped(said, dollars=True) + str(node.macro_post_space)

    def argument(self, node: LatexMacroNode) -> str:
        """The last argument of a command. Raises Unfit."""
        given = [argument for argument in (node.nodeargd.argnlist if node.nodeargd else ()) if argument is not None]
        if not given:
            raise Unfit(node.macroname)
        if node.macroname in ("verb", "url"):
            return str(given[-1].latex_verbatim()).strip("{}|")
        return self.words(given[-1])
