"""What is wrong with a data set: unusable pictures, empty or over-long answers, duplicates, leakage into a test set.

Judges what `glances` saw. Knows no tokenizer: whoever asks hands in how tokens are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vary_cli.data.glances import SIDE, Glance
from vary_cli.data.record import Record

ALIKE = 12
"""Bits of SIDE * SIDE in which pictures that look alike may differ."""
PLAIN = 16
"""Pictures with fewer bits set are nearly blank: they all look alike, and are not compared."""
SAME_WORDS = 0.5
"""Least share of common character triples in the answers of near duplicates."""
TELLING = 40
"""Characters from which on a common answer is no accident."""
CHUNK = 2048  # pictures compared at a time


class Finding(NamedTuple):
    """Something that is wrong."""

    kind: str
    name: str
    """Of the example's picture."""
    detail: str = ""


@dataclass(frozen=True)
class Seen:
    """A data set and what was seen of it, in its order."""

    records: Sequence[Record]
    glances: Sequence[Glance]

    @property
    def usable(self) -> list[Glance]:
        """What can be used."""
        return [glance for glance in self.glances if not glance.problem]

    def text(self, glance: Glance) -> str:
        """The answer."""
        return " ".join(self.records[glance.index].text.split())


def findings(
    seen: Seen,
    test: Seen | None = None,
    tokens: Callable[[str], int] | None = None,
    longest: int = 0,
    near: bool = True,
) -> Iterator[Finding]:
    """Everything that is wrong. `tokens` counts an answer's tokens, of which there may be `longest`."""
    yield from (Finding(glance.problem, glance.name, glance.detail) for glance in seen.glances if glance.problem)
    yield from answers(seen, tokens, longest)
    yield from duplicates(seen)
    if near:
        yield from near_duplicates(seen)
    if test is not None:
        yield from leaks(seen, test, near)


def answers(seen: Seen, tokens: Callable[[str], int] | None, longest: int) -> Iterator[Finding]:
    """Answers that say nothing, or too much."""
    for glance in seen.usable:
        text = seen.records[glance.index].text
        if not text.strip():
            yield Finding("empty answer", glance.name)
        elif tokens is not None and (count := tokens(text)) > longest:
            yield Finding("answer too long", glance.name, f"{count} tokens, of {longest} that fit")


def duplicates(seen: Seen) -> Iterator[Finding]:
    """The same pixels and the same question once more."""
    first: dict[tuple[bytes, str | None], Glance] = {}
    for glance in seen.usable:
        known = first.setdefault((glance.digest, seen.records[glance.index].prompt), glance)
        if known is not glance:
            other = "" if seen.text(known) == seen.text(glance) else ", with another answer"
            yield Finding("duplicate", glance.name, f"the same picture as {known.name}{other}")


def near_duplicates(seen: Seen) -> Iterator[Finding]:
    """Pictures that look alike and say about the same."""
    told: set[int] = set()
    for a, b in alike(seen.usable, seen.usable):
        first, second = sorted((a, b), key=lambda glance: glance.index)
        if first.index == second.index or second.index in told or first.digest == second.digest:
            continue
        if seen.records[first.index].prompt == seen.records[second.index].prompt and same_words(
            seen.text(first), seen.text(second)
        ):
            told.add(second.index)
            yield Finding("near duplicate", second.name, f"looks like {first.name}")


def leaks(seen: Seen, test: Seen, near: bool) -> Iterator[Finding]:
    """Examples that stand in the test set as well: the same pixels, nearly the same, or the same long answer."""
    pixels = {glance.digest: glance for glance in test.usable}
    texts = {text: glance for glance in test.usable if len(text := test.text(glance)) >= TELLING}
    likes: dict[int, Glance] = {}
    for a, b in alike(seen.usable, test.usable) if near else ():
        if same_words(seen.text(a), test.text(b)):
            likes.setdefault(a.index, b)
    for glance in seen.usable:
        if known := pixels.get(glance.digest):
            yield Finding("leak", glance.name, f"the same picture as {known.name}")
        elif known := texts.get(seen.text(glance)):
            yield Finding("leak", glance.name, f"the same answer as {known.name}")
        elif known := likes.get(glance.index):
            yield Finding("leak", glance.name, f"looks like {known.name}")


def alike(left: Sequence[Glance], right: Sequence[Glance]) -> Iterator[tuple[Glance, Glance]]:
    """Pairs that look alike: time grows with the product of their numbers, about 10^8 pairs a second and core."""
    left, right = [*filter(telling, left)], [*filter(telling, right)]
    ours, theirs = signs(left), signs(right)
    for start in range(0, len(left), CHUNK):
        differing = (SIDE * SIDE - ours[start : start + CHUNK] @ theirs.T) / 2
        for row, column in np.argwhere(differing <= ALIKE):
            yield left[start + row], right[column]


def telling(glance: Glance) -> bool:
    """Whether a picture's likeness says anything."""
    return int.from_bytes(glance.likeness).bit_count() >= PLAIN


def signs(glances: Sequence[Glance]) -> NDArray[np.float32]:
    """Likenesses as rows of +1 and -1: a product of two is the number of equal bits less that of the others."""
    packed = np.frombuffer(b"".join(glance.likeness for glance in glances), np.uint8).reshape(len(glances), -1)
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1


def same_words(a: str, b: str) -> bool:
    """Whether two answers say about the same."""
    if a == b:
        return True
    ours, theirs = ({text[i : i + 3] for i in range(len(text) - 2)} for text in (a, b))
    return len(ours & theirs) >= SAME_WORDS * max(1, len(ours | theirs))
