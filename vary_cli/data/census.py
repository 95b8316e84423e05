"""What a data set holds, in numbers: languages, sources, lengths; and as a contact sheet for the eye."""

from __future__ import annotations

import functools
import io
import random
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from vary_cli.data import forms, pictures, workers
from vary_cli.data.glances import LIMITS
from vary_cli.data.record import Record
from vary_cli.errors import DataError

TILE = 320  # px
COLUMNS = 4
GAP = 12


@dataclass
class Census:
    """Counts of a data set."""

    examples: int = 0
    malformed: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    """By the part before the colon."""
    prompts: int = 0
    """Examples with a question."""
    glyphs: int = 0
    """Examples that know where characters stand."""
    lengths: list[int] = field(default_factory=list)
    """Of answers, characters."""

    def add(self, records: Sequence[Record], index: int) -> None:
        """One more; what is malformed is counted, and named by the check."""
        self.examples += 1
        try:
            record = records[index]
        except DataError:
            self.malformed += 1
            return
        self.languages[record.language or "none"] += 1
        self.sources[record.source.split(":")[0] or "unknown"] += 1
        self.prompts += record.prompt is not None
        self.glyphs += record.columns is not None
        self.lengths.append(len(record.text))

    def length(self, share: float) -> int:
        """The length that this share of the answers does not exceed."""
        ordered = sorted(self.lengths)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def sheet(path: Path, images: Path | None, count: int, seed: int) -> Image.Image:
    """Some examples side by side, numbered as they stand in the data set. Pictures are opened in a child."""
    total = len(forms.records(path, images))
    chosen = sorted(random.Random(seed).sample(range(total), min(count, total)))
    work = functools.partial(thumbnail, path, images)
    found = {done.task: done.results for done in workers.run(work, chosen, 1, LIMITS)}
    step = TILE + GAP
    rows = -(-len(chosen) // COLUMNS)
    shown = Image.new("RGB", (COLUMNS * step + GAP, rows * (step + GAP) + GAP), "#d8dce6")
    pen = ImageDraw.Draw(shown)
    for place, index in enumerate(chosen):
        x, y = GAP + place % COLUMNS * step, GAP + place // COLUMNS * (step + GAP)
        pen.text((x, y), f"{index + 1}", "black", font_size=12)
        for data in found[index]:
            shown.paste(Image.open(io.BytesIO(data)), (x, y + GAP + 4))
        if not found[index]:
            pen.text((x, y + GAP + 4), "cannot be opened", "#aa0000", font_size=14)
    return shown


def thumbnail(path: Path, images: Path | None, index: int) -> Generator[bytes, None, None]:
    """A child's work: a small PNG, or nothing if the picture cannot be opened."""
    try:
        image = pictures.opened(forms.records(path, images)[index].picture).convert("RGB")
    except DataError:  # the sheet says so in its place
        return
    image.thumbnail((TILE, TILE - GAP), Image.Resampling.LANCZOS)
    held = io.BytesIO()
    image.save(held, "PNG")
    yield held.getvalue()
