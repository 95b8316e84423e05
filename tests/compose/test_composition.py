"""Regions put together as Markdown."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from vary_cli import compose
from vary_cli.document import Cell, Kind, Line, Region, Span
from vary_cli.formula import typeset

Part = str | tuple[str, dict[str, Any]]
WIDTH = 5.0  # of every character, points


def span(text: str, x: float = 0, baseline: float = 100, size: float = 10, **look: object) -> Span:
    edges = tuple(x + WIDTH * size / 10 * i for i in range(len(text) + 1))
    return Span(text, (x, baseline - 0.7 * size, edges[-1], baseline + 0.2 * size), edges, baseline, size, **look)


def row(*parts: Part, baseline: float = 100) -> tuple[Span, ...]:
    """Spans one after the other; a part is a text, or a text and how it looks (rise is how high it stands, ems)."""
    found: list[Span] = []
    for part in parts:
        text, look = (part, {}) if isinstance(part, str) else part
        rise = look.get("rise", 0.0)
        own = {key: value for key, value in look.items() if key != "rise"}
        x = found[-1].edges[-1] if found else 0.0
        found.append(span(text, x, baseline - 10 * rise, **{"raised": rise > 0.15, **own}))
    return tuple(found)


def region(kind: Kind, *rows: Sequence[Span], **more: object) -> Region:
    lines = []
    for spans in rows:
        box = (spans[0].edges[0], spans[0].baseline - 8, spans[-1].edges[-1], spans[0].baseline + 2)
        lines.append(Line(box, spans[0].baseline, 10, tuple(spans)))
    return Region(kind, (0, 0, 300, 20), tuple(lines), **more)


def markdown(*regions: Region, **how: object) -> str:
    return compose.page(regions, [[line.text for line in one.lines] for one in regions], **how)[0]


def math(*chars: str, **look: object) -> list[tuple[str, dict[str, Any]]]:
    return [(char, {"math": True, "italic": True, **look}) for char in chars]


SMALL = {"size": 7.0}


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("a hy-", "phen at the end", "a hyphen at the end"),
        ("a well-", "known word", "a well-known word"),
        ("see https://a.example/long-", "path", "see https://a.example/long-path"),
        ("see http://www.", "example.org?a=1&", "see http://www.example.org?a=1&"),
        ("see http://example.org/?a=", "5 for more", "see http://example.org/?a=5 for more"),
        ("see http://example.org.", "And more", "see http://example.org. And more"),
        ("words", "words", "words words"),
        ("中文的一", "行字", "中文的一行字"),
        ("an open (", "bracket)", "an open (bracket)"),
    ],
)
def test_lines_are_joined_as_a_reader_would(first: str, second: str, joined: str) -> None:
    assert markdown(region("text", row(first), row(second, baseline=112))) == joined


def test_a_hyphen_stays_where_the_page_has_the_compound_elsewhere() -> None:
    found = markdown(
        region("text", row("the data-"), row("flow", baseline=112)), region("text", row("a data-flow here"))
    )
    assert found == "the data-flow\n\na data-flow here"


def test_emphasis_and_code_are_marked_at_words() -> None:
    text = row("a ", ("bold ", {"bold": True}), ("and", {"italic": True}), " ", ("f(x)", {"mono": True}))
    assert markdown(region("text", text)) == "a **bold** *and* `f(x)`"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (("In ", "Chapter 3, Words,", " too"), "In *Chapter 3, Words*, too"),
        (("1, ", "…, Q)", " and"), "1, …, *Q*) and"),
        (("see ", "f(x)", " there"), "see *f(x)* there"),
        (("", "A sentence.", " And more"), "*A sentence.* And more"),
    ],
)
def test_emphasis_ends_before_what_is_of_the_text_around_it(text: tuple[str, str, str], said: str) -> None:
    spans = row(*((part, {"italic": i == 1}) for i, part in enumerate(text) if part))
    assert markdown(region("text", spans)) == said


MARKS = ["# no heading", "1. no item", "- none", "> no quote", "a *b* c", "`x`", "[^1]: no", "[a](b)"]


@pytest.mark.parametrize("text", MARKS)
def test_what_would_be_read_as_a_mark_is_escaped(text: str) -> None:
    found = markdown(region("text", row(text)))
    assert "\\" in found
    assert found.replace("\\", "") == text


def test_items_of_a_list_stand_together_and_nest() -> None:
    items = [
        region("list", row("• one"), marker="•"),
        region("list", row("– inner"), marker="–", level=1),
        region("list", row("(a) lettered"), marker="(a)"),
    ]
    assert markdown(*items) == "- one\n    - inner\n- (a) lettered"


def test_code_keeps_its_indentation_and_blank_lines() -> None:
    mono = {"mono": True}
    first, second, last = (
        row(("def f():", mono)),
        row(("return 1", mono), baseline=112),
        row(("f()", mono), baseline=136),
    )
    moved = tuple(span(one.text, 4 * WIDTH, 112, mono=True) for one in second)
    assert markdown(region("code", first, moved, last)) == "```\ndef f():\n    return 1\n\nf()\n```"


def test_a_footnote_is_tied_to_its_mark() -> None:
    mark = ("1", {"size": 7.0, "rise": 0.4})
    text, note = region("text", row("Said so.", mark)), region("footnote", row(mark, "And more."))
    assert markdown(text, note) == "Said so.[^1]\n\n[^1]: And more."


def test_powers_are_no_marks_of_footnotes() -> None:
    mark = ("1", {"size": 7.0, "rise": 0.4})
    text = region("text", row("10", ("−12", {"size": 7.0, "rise": 0.4}), " m", mark))
    assert markdown(text, region("footnote", row(mark, "About.")))[:11] == "10⁻¹² m[^1]"


def test_spanning_cells_make_a_table_of_html() -> None:
    cells = (Cell(0, 0, (0,), columns=2, header=True), Cell(1, 0, (1,)), Cell(1, 1, (2,)))
    found = markdown(region("table", row("both"), row("left"), row("right"), cells=cells))
    assert '<th colspan="2">both</th>' in found
    assert "<td>left</td>" in found


@pytest.mark.parametrize(
    ("how", "text"),
    [("keep", "A head\n\nBody"), ("drop", "Body"), ("comment", "<!-- A head -->\n\nBody")],
)
def test_running_heads_go_where_they_are_wanted_and_are_always_told(how: str, text: str) -> None:
    regions = [region("header", row("A head")), region("text", row("Body"))]
    found, running = compose.page(regions, [["A head"], ["Body"]], headers=how)
    assert (found, running) == (text, ("A head",))


@pytest.mark.parametrize(
    ("parts", "latex"),
    [
        (["Let ", *math("x"), " be"], "Let $x$ be"),
        (["the ", *math("x"), ("i", SMALL | {"rise": -0.2, "italic": True}), " of"], "the $x_{i}$ of"),
        (["in ", *math("ℝ"), ("n", SMALL | {"rise": 0.4, "math": True, "italic": True})], r"in $\mathbb{R}^{n}$"),
        (["if ", *math("a"), " ", *math("≤"), " 3, then"], r"if $a \leq3$, then"),
        (["(see ", *math("f"), "(", *math("x"), ")", ")."], "(see $f(x)$)."),
        (["for log ", *math("p"), " only"], r"for $\log p$ only"),
        (["costs $5 and ", *math("y")], r"costs \$5 and $y$"),
        (["3 ", *math("×"), " 4"], "3 × 4"),
        (["press ", *math("→"), " now"], "press → now"),
    ],
)
def test_formulas_within_lines_are_latex_and_nothing_else_is(parts: Sequence[Part], latex: str) -> None:
    assert markdown(region("text", row(*parts))) == latex


def test_every_formula_that_is_written_can_be_set() -> None:
    letters, signs = "xyzαβ𝒟ℬ", "≤≥≈∈+−×"
    for (a, b), sign in zip(itertools.permutations(letters, 2), itertools.cycle(signs), strict=False):
        found = markdown(region("text", row(*math(a), " ", *math(sign), " ", *math(b))))
        assert found.startswith("$")
        assert typeset(found.strip("$")) == found.strip("$")


def test_a_display_that_cannot_be_told_is_none() -> None:
    strange = region("formula", row(*math("x", "\ue123", "=", "1")))
    assert compose.formula(strange, ["x\ue123=1"]) is None


def test_a_fraction_is_told_by_its_bar() -> None:
    over, under = span("a", 0, 92, math=True, italic=True), span("b", 0, 106, math=True, italic=True)
    equals, one = span("=", 12, 99, math=True), span("1", 20, 99)
    found = region("formula", (over, under, equals, one), rules=((-1.0, 95.0, 6.0, 95.4),))
    assert compose.formula(found, ["ab=1"]) == "$$\n\\frac{a}{b}=1\n$$"


def test_code_that_was_read_without_places_stands_line_by_line() -> None:
    lines = tuple(Line((20.0 * i, 40.0 * i, 300, 40.0 * i + 20), 40.0 * i + 16, 20) for i in range(2))
    region = Region("code", (0, 0, 300, 60), lines)
    assert compose.markdown(region, ["", "x = 1"]) == "```\n\n  x = 1\n```"


@pytest.mark.parametrize(
    ("parts", "words", "kept"),
    [
        ((("CHAPTER 3", 50.0), ("A title", 400.0)), "CHAPTER 3\n\nA title", "CHAPTER 3\n\nA title"),
        (
            (("12", 50.0), ("CHAPTER 3.", 200.0), ("A title", 400.0)),
            "12\n\nCHAPTER 3.\n\nA title",
            "12\n\nCHAPTER 3.\n\nA title",
        ),
        ((("12", 50.0),), "", "12"),
    ],
    ids=["texts apart", "a number stays with its text", "a number alone is no words"],
)
def test_what_stands_apart_in_a_head_is_parted(parts: tuple[tuple[str, float], ...], words: str, kept: str) -> None:
    spans = tuple(span(text, x) for text, x in parts)
    region = Region("header", (0, 0, 600, 40), (Line((0, 0, 600, 40), 30, 20, spans),))
    said = ["".join(one.text for one in spans)]
    assert compose.page([region], [said], headers="words")[0] == words
    assert compose.page([region], [said], headers="keep")[0] == kept
    assert compose.page([region], [said])[1] == (" ".join(text for text, _ in parts),)
