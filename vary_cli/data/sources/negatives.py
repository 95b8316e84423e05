"""Natural photographs as negatives: what is no document is answered by a short caption.

Vary paper, section 3.2: 120 k COCO images, each with one of five captions drawn at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from vary_cli.data import pictures
from vary_cli.data.pictures import Stored
from vary_cli.data.skipped import Outcome, Skipped, drawn
from vary_cli.errors import DataError
from vary_cli.example import Example

BLOCK = 32
EXAMPLE = "vary data make negatives photographs/ -o data/negatives"
SUFFIX = ".jpg"
CAPTIONS = (
    "It's an image of nature",
    "Here's a nature picture",
    "It's a nature photo",
    "This is a natural image",
    "That's a shot from nature",
)
"""The paper's, word for word."""


@dataclass(frozen=True)
class Options:
    """Which photographs."""

    images: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": True})
    """Pictures, or folders of them."""
    longest: int = 1024
    """Longer side, px; larger pictures are shrunk."""
    shortest: int = 64
    """Smaller pictures are left out, px of the shorter side."""


def items(options: Options) -> list[Path]:
    """The files, whatever they are. Raises DataError if there is none."""
    for path in options.images:
        if not path.exists():
            raise DataError(f"{path} does not exist", "name pictures or folders that exist")
    files = [file for path in options.images for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    found = [file for file in files if file.is_file() and not file.name.startswith(".")]
    if not found:
        raise DataError("no picture found", "name pictures, or folders that hold some")
    return found


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Photographs in an order of chance, without end."""
    return drawn(items(options), lambda file: taken(file, options, chance), chance)


def taken(file: Path, options: Options, chance: random.Random) -> Iterator[Outcome]:
    """One photograph."""
    if file.suffix.lower() not in pictures.SUFFIXES:
        yield Skipped(str(file), "no picture")
        return
    try:
        image = pictures.opened(Stored(file)).convert("RGB")
    except DataError as error:
        yield Skipped(str(file), "too many pixels" if error.code == "picture_too_large" else "no readable picture")
        return
    if min(image.size) < options.shortest:
        yield Skipped(str(file), f"smaller than {options.shortest} px")
        return
    image.thumbnail((options.longest, options.longest), Image.Resampling.LANCZOS)
    yield Example(image, answer=chance.choice(CAPTIONS), source=f"negatives:{file.name}")
