r"""Placed glyphs -> LaTeX: what a text layer tells of a formula, read by where its glyphs and bars stand.

Fractions and roots are told by their bars, scripts by their size and height, limits by the operator they stand at,
matrices by the brackets around rows. What cannot be read so is not guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli.compose.formulas import displays as shown
from vary_cli.compose.formulas.expressions import expression
from vary_cli.compose.formulas.glyphs import items
from vary_cli.compose.formulas.phrases import phrases
from vary_cli.document import Box, Span
from vary_cli.formula import typeset


def displays(spans: Sequence[Span], rules: Sequence[Box]) -> list[str] | None:
    """The display formulas of a region, from top to bottom; None if one of them cannot be read."""
    found: list[str] = []
    groups = shown.displays(list(items(spans)), rules)
    if groups is None:
        return None
    for group in groups:
        latex = shown.display(group, rules)
        if latex is None or (fit := typeset(latex, display=True)) is None:
            return None
        found.append(fit)
    return found


def inline(spans: Sequence[Span], rules: Sequence[Box]) -> list[tuple[int, int, str]]:
    """The formulas within a line of text: their beginnings, ends and LaTeX. What cannot be read is left out."""
    found = ((phrase, expression(phrase.items, rules)) for phrase in phrases(spans))
    told = ((phrase, typeset(latex)) for phrase, latex in found if latex)
    return [(phrase.start, phrase.end, latex) for phrase, latex in told if latex]
