from __future__ import annotations

import pytest

pytest.importorskip("pylatexenc", reason="LaTeX is read with pylatexenc")

from vary_cli.data.manuscript import tex_macros, tex_parser


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\newcommand{\R}{\mathbb{R}}$x \in \R^n$", r"$x \in \mathbb{R}^n$"),
        (r"\newcommand\norm[1]{\|#1\|}$\norm{a_{ij}}$", r"$\|a_{ij}\|$"),
        (r"\def\a{\b}\def\b{c}\a", "c"),
        (r"\DeclareMathOperator{\tr}{tr}$\tr A$", r"$\operatorname{tr}A$"),
        (r"\newcommand{\x}{\alpha}$\x y$", r"$\alpha y$"),
        (r"\newcommand{\pair}[2]{(#1,#2)}\pair{a}", r"\pair{a}"),
        (r"\newcommand{\x}{1}\xi", r"\xi"),
    ],
)
def test_abbreviations_are_written_out(latex: str, said: str) -> None:
    assert tex_macros.expanded(latex) == said


def test_an_abbreviation_of_itself_ends() -> None:
    assert len(tex_macros.expanded(r"\def\a{\a\a\a\a\a\a\a\a\a\a}\a")) <= tex_macros.LARGEST


@pytest.mark.parametrize(
    ("latex", "markdown"),
    [
        (r"\section*{A \emph{b} c}", "# A *b* c"),
        (r"One\footnote{Two.} three", "One[^1] three"),
        (r"{\bf heavy} words", "**heavy** words"),
        (r"\begin{description}\item[Key] value\end{description}", "- **Key** value"),
        (r"\begin{figure}\includegraphics{x}\caption{What it shows}\end{figure}", "What it shows"),
        (r"\[ a^2 \]", "$$\na^{2}\n$$"),
        ("A``quoted''---word", "A“quoted”—word"),
    ],
)
def test_latex_is_read_as_markdown(latex: str, markdown: str) -> None:
    assert markdown in [block.text for block in tex_parser.blocks(latex)]


def test_what_is_not_understood_takes_only_its_own_block_along() -> None:
    found = tex_parser.blocks("First words.\n\nSome \\unknownmacro{here} too.\n\nLast words.")
    assert [block.text for block in found] == ["First words.", "Last words."]
