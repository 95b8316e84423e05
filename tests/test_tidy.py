"""A model's text becomes canonical Markdown, and stays it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vary_cli.tidy import clean, tidy

PIECES = [
    *"ab \n\n\n$$`*|\\{}[]()<>#-&%1中é•",
    *("```\n", "$$", "$x$", "\\(", "\\)", "\\[", "\\]", "\\\\", "\\textbf{", "\\section*{", "\\title{A}"),
    *("\\begin{itemize}", "\\item ", "\\end{itemize}", "\\begin{tabular}{ll}", "\\end{tabular}", "\\footnote{n}"),
    *("\\begin{align}", "\\end{align}", "\\begin{foo}", "<table>", "<td>", "</table>", "# ", "- ", "    ", "\r\n"),
]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_any_text_stays_tidy(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("\\title{\nOn \\\\ Reading\n}", "# On Reading"),
        ("\\section*{1 Intro}\nText", "## 1 Intro\n\nText"),
        ("\\subsection*{1.1 More}", "### 1.1 More"),
        ("\\begin{abstract}\nWe read.\n\\end{abstract}", "## Abstract\n\nWe read."),
        ("so \\( x_1 \\) is", "so $x_1$ is"),
        ("costs $5 and \\(x\\)", "costs \\$5 and $x$"),
        ("a\n\\[\nx = 1\n\\]\nb", "a\n\n$$\nx = 1\n$$\n\nb"),
        ("\\begin{equation}\nx\n\\end{equation}", "$$\nx\n$$"),
        ("\\begin{align*}a &= b\\end{align*}", "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$"),
        ("\\textbf{a \\emph{b}}", "**a *b***"),
        ("x\\footnote{A note.}", "x[^1]\n\n[^1]: A note."),
        ("\\begin{itemize}\n\\item a\n\\item b\n\\end{itemize}", "- a\n- b"),
        (
            "\\begin{enumerate}\\item a\\begin{itemize}\\item b\\end{itemize}\\end{enumerate}",
            "1. a\n   - b",
        ),
        ("$$x$$", "$$\nx\n$$"),
        ("$$\n\nx\n\n$$", "$$\nx\n$$"),
        ("text\n# Head\ntext", "text\n\n# Head\n\ntext"),
        ("• one\n• two", "- one\n- two"),
        ("a  \n\n\n\nb", "a\n\nb"),
        ("```\nx  ", "```\nx\n```"),
    ],
)
def test_each_style_has_one_canonical_form(said: str, canonical: str) -> None:
    assert tidy(said) == canonical


def test_a_tabular_is_a_pipe_table() -> None:
    said = "\\begin{tabular}{|l|c|}\n\\hline A & B \\\\ \\hline\n x|y & \\(1 & 2\\) \\\\[2pt]\n\\hline\\end{tabular}"
    assert tidy(said) == "| A | B |\n| --- | --- |\n| x\\|y | $1 & 2$ |"


def test_a_tabular_whose_cells_span_is_html() -> None:
    said = (
        "\\begin{tabular}{lll}\\multirow{2}{*}{N} & \\multicolumn{2}{c}{V} \\\\ \\cline{2-3} & a & b \\\\ x & 1 & 2\n"
        "\\end{tabular}"
    )
    assert tidy(said).split("\n") == [
        "<table>",
        '<tr><th rowspan="2">N</th><th colspan="2">V</th></tr>',
        "<tr><td>a</td><td>b</td></tr>",
        "<tr><td>x</td><td>1</td><td>2</td></tr>",
        "</table>",
    ]


def test_a_table_left_open_is_closed() -> None:
    assert tidy("<table><tr><td>a</td><td>b<tr><td>c") == "| a | b |\n| --- | --- |\n| c |  |"


def test_code_keeps_its_blanks_and_signs() -> None:
    code = "```tex\n\\section*{x}  \n\n\n$y$\n```"
    assert tidy(f"\\section*{{A}}\n{code}") == f"## A\n\n{code}"


def test_what_steers_a_terminal_is_gone() -> None:
    assert clean("a\x1b[31m\x00\u202eb\u200b\r\nc\u2028d e\u0301") == "a[31mb\nc\nd \u00e9"


def test_escaped_brackets_are_not_formulas() -> None:
    assert tidy("see \\[1\\] and \\[a\\](b)") == "see \\[1\\] and \\[a\\](b)"
