"""Which characters of a line that was read on a scan are of a formula."""

from __future__ import annotations

import re

import pytest

from vary_cli.compose.formulas.phrases import phrases
from vary_cli.compose.formulas.suspects import suspected
from vary_cli.document import Span

SIZE, BASELINE = 10.0, 100.0


def spans(text: str) -> list[Span]:
    """A line in one style; what stands in asterisks is slanted, in _{} lowered, in ^{} raised."""
    found: list[Span] = []
    x = 0.0
    for piece in re.findall(r"\*[^*]+\*|_\{[^}]*\}|\^\{[^}]*\}|[^*_^]+", text):
        mark = piece[0] if piece[0] in "*_^" else ""
        words = piece[1:-1] if mark == "*" else piece[2:-1] if mark else piece
        size, drop = (0.7 * SIZE, {"_": 1.5, "^": -4.0}[mark]) if mark in ("_", "^") else (SIZE, 0.0)
        edges = tuple(x + 0.5 * size * i for i in range(len(words) + 1))
        x, baseline = edges[-1], BASELINE + drop
        box = (edges[0], baseline - 0.8 * size, edges[-1], baseline + 0.2 * size)
        found.append(Span(words, box, edges, baseline, size, italic=mark == "*", raised=mark == "^"))
    return found


def told(text: str) -> list[str]:
    """The formulas of a line."""
    line = spans(text)
    said = "".join(span.text for span in line)
    return [said[phrase.start : phrase.end] for phrase in phrases(suspected(line))]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("where θ is a parameter of interest", ["θ"]),
        ("the statistic T_{n}. To show this", ["Tn"]),
        ("for all *n* = 1, 2 we have the same", ["n = 1"]),
        ("samples of ℝ and of 𝒩(0, 1), say", ["ℝ", "𝒩(0, 1)"]),
        ("estimates with Ψhc of the matrix", ["Ψhc"]),
        ("the sum σ^{2}I_{n} of these terms", ["σ2In"]),
    ],
)
def test_letters_that_only_formulas_have_make_one(text: str, formulas: list[str]) -> None:
    assert told(text) == formulas


@pytest.mark.parametrize(
    "text",
    [
        "plain words, 12 numbers (and brackets) = nothing",
        "some *stressed* words and *two of them* here",
        "as A. Miller and *J.* Smith said, *i.e.* before",
        "a lens of 10 μm at 50 kΩ is what it takes",
        "die Wörter λόγος und ἀρχή are no formulas",
        "*all of this line is slanted x and y too*",
        "this is *a* word, and so am *I* here",
        "read ⟨file⟩ and the ⟨lines⟩ of it",
        "water as H^{2}, and a note^{3} at a word",
    ],
)
def test_words_make_none(text: str) -> None:
    assert told(text) == []


def test_the_line_stays_what_it_is() -> None:
    line = spans("some *x* and σ_{n} here")
    found = suspected(line)
    assert "".join(span.text for span in found) == "".join(span.text for span in line)
    assert [span.text for span in found if span.math] == ["x", "σ", "n"]
    assert all(len(span.edges) == len(span.text) + 1 for span in found)
    assert suspected(()) == ()
