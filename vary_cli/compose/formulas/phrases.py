"""Formulas within lines of text: where they begin and end. What they say is read elsewhere.

A phrase grows from letters and operators of formula fonts over what may stand in a formula, digits, signs, names of
functions, scripts, and is cut back to what must.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vary_cli.compose.formulas.glyphs import Item
from vary_cli.compose.formulas.words import FUNCTIONS
from vary_cli.document import Span
from vary_cli.formula import signs

SMALL = 0.85
"""Of a line's size: smaller characters at a formula are its scripts."""
HEARTS = "∑∏∫√∂∇∞∅∀∃ℓ"
"""Signs that are formulas by themselves."""
_NAMES = ("2ε", "2 ε")
"""Parts of names, as LaTeX's own, that are set as formulas."""
BINARY = "=<>≤≥≈≡∼∝→∈∉≠≪≫⊂⊆⇒⇔≅≃+−±∓×÷·∗/|∣∩∪∘⊕⊗∧∨←⊤⟶:"
_NEUTRAL = re.compile(rf"[\d()\[\]{{}}.,;!'′%|…⋯^~ {re.escape(BINARY)}\-]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_FUNCTION = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})(?![^\W\d_])")


class Place(NamedTuple):
    """A character of a line and the glyph that it is."""

    char: str
    item: Item
    is_core: bool
    """Of a formula font, and a letter or sign that makes a formula."""
    is_raised: bool


class Phrase(NamedTuple):
    """A formula in a line: its place in the line's text, and its glyphs, blanks left out."""

    start: int
    end: int
    items: tuple[Item, ...]


def phrases(spans: Sequence[Span]) -> Iterator[Phrase]:
    """The formulas of a line, from left to right."""
    places = list(_places(spans))
    if not any(place.is_core for place in places):
        return
    text = "".join(place.char for place in places)
    size = max((place.item.size for place in places if place.char.isalnum()), default=0.0)
    named = {i for found in _FUNCTION.finditer(text) for i in range(*found.span())}
    open_ = [_may_stand(place, i in named, size) for i, place in enumerate(places)]
    for is_open, run in itertools.groupby(range(len(places)), key=lambda i: open_[i]):
        indices = list(run)
        if is_open and any(places[i].is_core for i in indices):
            yield from _phrases(places, indices[0], indices[-1] + 1)


def _places(spans: Sequence[Span]) -> Iterator[Place]:
    for span in spans:
        for char, x0, x1 in zip(span.text, span.edges, span.edges[1:], strict=False):
            box = (x0, span.box[1], x1, span.box[3])
            item = Item(char, box, span.baseline, span.size, True, span.bold, span.italic, span.math)
            yield Place(char, item, span.math and _is_core(char), span.raised)


def _is_core(char: str) -> bool:
    return char in HEARTS or unicodedata.normalize("NFKC", char).isalpha()


def _may_stand(place: Place, is_named: bool, size: float) -> bool:
    """Whether a character may stand in a formula: anything but a word of the text."""
    if place.item.math or is_named or place.char.isspace():
        return True
    if place.char.isascii() and place.item.size < SMALL * size:
        return True
    return bool(_NEUTRAL.fullmatch(place.char))


def _phrases(places: Sequence[Place], start: int, end: int) -> Iterator[Phrase]:
    """A run of what may be formulas, cut where a sentence goes on between them."""
    text = "".join(place.char for place in places[start:end])
    stops = (found for found in re.finditer(r"(?<=\S)[.;:!]\s+(?=\S)", text) if _is_outside(text[: found.start()]))
    cuts = [0, *(found.end() for found in stops), len(text)]
    for low, high in itertools.pairwise(cuts):
        first, last = _trimmed(places, start + low, start + high)
        said = text[first - start : last - start]
        if any(place.is_core for place in places[first:last]) and said not in _NAMES and not signs.are_listed(said):
            shown = tuple(place.item for place in places[first:last] if not place.char.isspace())
            yield Phrase(first, last, shown)


def _is_outside(text: str) -> bool:
    """Whether all brackets are closed at the end of a text."""
    return all(text.count(opening) <= text.count(closing) for closing, opening in _PAIRS.items())


def _trimmed(places: Sequence[Place], start: int, end: int) -> tuple[int, int]:
    """A run less what belongs to the text around: blanks, stops, lone brackets, numbers that nothing ties to it."""
    last = (-1, -1)
    while start < end and last != (start, end):
        last = (start, end)
        while start < end and _ends(places[start].char, "-.,;:!'%/|…", places[start]):
            start += 1
        while start < end and _ends(places[end - 1].char, "-.,;:%/", places[end - 1]):
            end -= 1
        start, end = _unbracketed(places, start, end)
        start, end = _untied(places, start, end)
    return start, end


def _ends(char: str, marks: str, place: Place) -> bool:
    return char.isspace() or (char in marks and not (place.item.math and char in "/|"))


def _unbracketed(places: Sequence[Place], start: int, end: int) -> tuple[int, int]:
    """A run less brackets at its ends whose partners stand outside of it, or that hold all of it as the text's own."""
    depth: list[int] = []
    lone: list[int] = []
    for i in range(start, end):
        char = places[i].char
        if char in _PAIRS.values():
            depth.append(i)
        elif char in _PAIRS:
            if depth and places[depth[-1]].char == _PAIRS[char]:
                depth.pop()
            elif not _is_interval(places, depth, char):
                lone.append(i)
            else:
                depth.pop()
    lone = sorted([*lone, *depth])
    if not lone:
        return start, end
    cores = [i for i in range(start, end) if places[i].is_core]
    left = max((i + 1 for i in lone if not any(core < i for core in cores)), default=start)
    right = min((i for i in lone if i >= left and not any(core > i for core in cores)), default=end)
    return left, right


def _is_interval(places: Sequence[Place], depth: Sequence[int], char: str) -> bool:
    return bool(depth) and places[depth[-1]].char in "([" and char in ")]"


def _untied(places: Sequence[Place], start: int, end: int) -> tuple[int, int]:
    """A run less words of digits and signs at its ends that no operator ties to the formula."""
    words = [
        (m.start() + start, m.end() + start) for m in re.finditer(r"\S+", "".join(p.char for p in places[start:end]))
    ]
    while len(words) > 1 and not _has_core(places, *words[0]) and not _is_tied(places, words[0], words[1]):
        words.pop(0)
    while len(words) > 1 and not (_has_core(places, *words[-1]) or _is_tied(places, words[-2], words[-1])):
        if not _is_outside("".join(place.char for place in places[words[0][0] : words[-2][1]])):
            break
        words.pop()
    return (words[0][0], words[-1][1]) if words else (end, end)


def _has_core(places: Sequence[Place], start: int, end: int) -> bool:
    return any(place.is_core for place in places[start:end])


def _is_tied(places: Sequence[Place], left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether an operator, a function or a script stands between two words."""
    before, after = places[left[1] - 1], places[right[0]]
    if before.char in BINARY or after.char in BINARY or before.char.isalpha() or after.item.size < before.item.size:
        return True
    return before.char == "," and (after.char in "…⋯." or places[left[0]].char in "…⋯.{([" or before.item.math)
