"""Lines of a scan as if a text layer told which of their characters are of fonts for formulas.

A scan names no fonts. That a letter is Greek, of an alphabet that only formulas have, slanted and alone, or has
something lowered beside it says as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from vary_cli.compose.formulas.phrases import BINARY, HEARTS, SMALL
from vary_cli.document import Span
from vary_cli.formula.signs import is_lettered

LOWERED = 0.08
"""Ems below a line's baseline at least stands what is lowered."""
SLANTED = 0.5
"""Share of a line's letters; where more are slanted, a slanted one says nothing."""
BEFORE, AFTER = 3, 8
"""Most letters right before and after a Greek letter that are a factor, and an index whose height was not told."""
DIGITS = "0123456789"
GREEK = re.compile(r"[\u0370-\u03ff]+")
LATIN = re.compile(r"[A-Za-z]+")
_OPERATION = re.compile(rf"(?=(?P<left>\S)[)\]}}]?\s?[{re.escape(BINARY)}]\s?[(\[{{]?(?P<right>\S))")
_LONE = re.compile(r"[A-Za-z](?![A-Za-z])")
_UNIT = re.compile(r"(?<=[\d ])[μµ][A-Za-z](?![A-Za-z])|(?<=\d)\s?[kM]?Ω")
_INITIAL = re.compile(r"\b[A-Za-z]\.(?=[A-Za-z]|\s[A-Z])|(?<=\b[A-Za-z]\.)[A-Za-z](?=\.)")
"""A letter of i.e., or of somebody's name."""
_ARTICLE = re.compile(r"(?<!\S)[AaI](?!\S)")


def suspected(spans: Sequence[Span]) -> tuple[Span, ...]:
    """A line's spans with those characters in spans of their own that are letters or signs of a formula."""
    if not spans:
        return ()
    own = [span for span in spans for _ in span.text]
    text = "".join(span.text for span in spans)
    size = max(span.size for span in spans)
    baseline = next(span.baseline for span in spans if span.size == size)
    small = [span.size < SMALL * size for span in own]
    low = [is_small and span.baseline > baseline + LOWERED * size for is_small, span in zip(small, own, strict=True)]
    core = set(signs(text))
    core |= {*tied(text, core), *letters(text, [span.italic and not span.mono for span in own], small, low)}
    while more := {*operands(text, core)} - core:
        core |= more
    return tuple(parted(spans, core))


def signs(text: str) -> Iterator[int]:
    """Where Greek letters stand, letters of other alphabets, and signs that are formulas by themselves."""
    units = {i for found in _UNIT.finditer(text) for i in range(*found.span())}
    words = [found.span() for found in GREEK.finditer(text)]
    if all(end - start <= 2 for start, end in words):  # else it is Greek
        yield from (i for span in words for i in range(*span) if i not in units)
    yield from (i for i, char in enumerate(text) if char in HEARTS or is_lettered(char))


def tied(text: str, core: set[int]) -> Iterator[int]:
    """Where letters stand that follow a sign of a formula, digits aside, or are followed by one, without a blank."""
    for found in LATIN.finditer(text):
        is_index, is_factor = len(text[: found.start()].rstrip(DIGITS)) - 1 in core, found.end() in core
        if len(found[0]) <= AFTER * is_index or len(found[0]) <= BEFORE * is_factor:
            yield from range(*found.span())


def operands(text: str, core: set[int]) -> Iterator[int]:
    """Where single letters stand that an operator ties to a formula."""
    for found in _OPERATION.finditer(text):
        left, right = found.start("left"), found.start("right")
        if left in core or right in core:
            yield from (i for i in (left, right) if _LONE.match(text, i) and not text[i - 1 : i].isalpha())


def letters(text: str, slanted: Sequence[bool], small: Sequence[bool], low: Sequence[bool]) -> Iterator[int]:
    """Where single letters stand that are variables: alone and slanted, or with something lowered beside them."""
    shown = [i for i, char in enumerate(text) if char.isalpha() and not small[i]]
    tells = sum(slanted[i] for i in shown) <= SLANTED * len(shown)
    no = {i for kind in (_INITIAL, _ARTICLE) for found in kind.finditer(text) for i in range(*found.span())}
    for found in LATIN.finditer(text):
        full = [i for i in range(*found.span()) if not small[i]]
        if len(full) != 1 or full[0] in no:
            continue
        is_indexed = full[0] + 1 < len(text) and low[full[0] + 1]
        if is_indexed or (tells and slanted[full[0]] and not beside_slanted(text, slanted, found.span())):
            yield full[0]


def beside_slanted(text: str, slanted: Sequence[bool], word: tuple[int, int]) -> bool:
    """Whether the word before or after a letter is slanted too, as where a phrase is stressed."""
    before = re.search(r"([A-Za-z]{2,})[ ]$", text[: word[0]])
    after = re.match(r"[ ]([A-Za-z]{2,})", text[word[1] :])
    return bool((before and slanted[before.start(1)]) or (after and slanted[word[1] + 1]))


def parted(spans: Sequence[Span], core: set[int]) -> Iterator[Span]:
    """A line's spans, each character of `core` in one of its own."""
    start = 0
    for span in spans:
        end = start + len(span.text)
        inside = core & set(range(start, end))
        for low, high in pairwise(sorted({start, end} | inside | {i + 1 for i in inside})):
            edges = span.edges[low - start : high - start + 1]
            box = (edges[0], span.box[1], edges[-1], span.box[3])
            yield replace(span, text=span.text[low - start : high - start], edges=edges, box=box, math=low in core)
        start = end
