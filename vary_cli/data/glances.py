"""A data set's examples looked at one by one, in child processes with limits: what each picture is, or what is wrong.

A picture that crashes a decoder, hangs it or needs too much memory ends a child, not the whole. Knows no judgement.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from vary_cli.data import forms, pictures, workers
from vary_cli.data.record import Record
from vary_cli.data.workers import Limits
from vary_cli.errors import DataError

LIMITS = Limits(seconds=60, memory=4 << 30)
TOGETHER = 64
"""Examples that a child looks at in one go."""
SIDE = 16  # cells of a likeness
FLAT = 3  # gray levels between cells that count as equal: noise of JPEG
KINDS = {"picture_missing": "missing picture", "picture_too_large": "picture too large"}


@dataclass(frozen=True)
class Glance:
    """What there is at one place of a data set."""

    index: int
    name: str
    """The picture's, or the place's."""
    problem: str = ""
    """'missing picture', 'broken picture', 'picture too large', 'malformed'; empty if it can be used."""
    detail: str = ""
    digest: bytes = b""
    """The same for the same pixels only."""
    likeness: bytes = b""
    """SIDE * SIDE bits, of which pictures that look alike have most in common."""


def glances(path: Path, images: Path | None = None, count: int = 1) -> Generator[Glance, None, None]:
    """A glance at every example, in no order, by `count` children. Raises DataError if it is no data set."""
    total = len(forms.records(path, images))
    waiting: list[tuple[int, ...]] = [
        tuple(range(start, min(start + TOGETHER, total))) for start in range(0, total, TOGETHER)
    ]
    while waiting:
        again = []
        for done in workers.run(functools.partial(seen, path, images), waiting, count, LIMITS):
            yield from done.results
            if done.trouble:
                culprit, *rest = done.task[len(done.results) :]
                yield Glance(culprit, f"entry {culprit + 1}", "broken picture", done.trouble)
                again += [tuple(rest)] if rest else []
        waiting = again


def seen(path: Path, images: Path | None, indices: Sequence[int]) -> Iterator[Glance]:
    """A child's work."""
    known = opened(path, images)
    for index in indices:
        yield glance(known, index)


@functools.lru_cache(maxsize=1)
def opened(path: Path, images: Path | None) -> Sequence[Record]:
    """The data set, opened once a child."""
    return forms.records(path, images)


def glance(known: Sequence[Record], index: int) -> Glance:
    """One look."""
    name = f"entry {index + 1}"
    try:
        record = known[index]
        name = record.picture.name
        glyphs = record.glyphs or ()
        image = pictures.opened(record.picture)
    except DataError as error:
        fallback = "broken picture" if error.code == "picture_broken" else "malformed"
        return Glance(index, name, KINDS.get(error.code, fallback), error.message)
    lost = sum(not (0 <= glyph.x <= image.width and 0 <= glyph.y <= image.height) for glyph in glyphs)
    if lost:
        return Glance(index, name, "malformed", f"{lost} of {len(glyphs)} glyphs stand outside of the picture")
    return Glance(index, name, digest=digest(image), likeness=likeness(image))


def digest(image: Image.Image) -> bytes:
    """The pixels in short."""
    return hashlib.sha256(f"{image.mode}{image.size}".encode() + image.tobytes()).digest()[:16]


def likeness(image: Image.Image) -> bytes:
    """Where a picture gets brighter from left to right, cell by cell (a difference hash)."""
    cells = np.asarray(image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX), dtype=np.int16)
    return np.packbits(cells[:, 1:] - cells[:, :-1] >= FLAT).tobytes()
