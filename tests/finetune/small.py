"""Small models of the true layouts, and pages drawn on the spot, for the training tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shrunken
import torch
from PIL import Image, ImageDraw

from vary_cli.example import FORMULA, Example, Glyph
from vary_cli.model.spec import GlyphSpec, ModelSpec
from vary_cli.model.vary import VaryModel

LETTERS = "abcdefghij"


@dataclass(frozen=True)
class Entry:
    """An example that is drawn when it is asked for."""

    text: str
    size: tuple[int, int] = (80, 60)
    prompt: str | None = None
    history: tuple[tuple[str, str], ...] = ()
    glyphs: tuple[Glyph, ...] | None = None

    @property
    def columns(self) -> object | None:
        return self.glyphs

    def example(self) -> Example:
        image = Image.new("RGB", self.size, "white")
        pen = ImageDraw.Draw(image)
        for i, char in enumerate(self.text[:6]):
            pen.rectangle((4 + 12 * i, 10, 10 + 12 * i, 12 + ord(char) % 32), fill="black")
        for glyph in self.glyphs or ():
            pen.rectangle((glyph.x - 6, glyph.y - 20, glyph.x + 6, glyph.y), fill="black")
        return Example(image, self.prompt, self.text, self.glyphs, source=self.text[:9], history=self.history)


def pages(count: int) -> list[Entry]:
    """Pages with answers of different lengths."""
    return [Entry("".join(LETTERS[(i + k) % 10] for k in range(3 + i % 7)), prompt="Q") for i in range(count)]


def bars(count: int) -> list[Entry]:
    """Lines of black bars that claim to be letters."""
    texts = ["".join(LETTERS[(i * 3 + k) % 10] for k in range(2 + i % 9)) for i in range(count)]
    return [
        Entry(
            text,
            (40 + 20 * len(text), 60),
            glyphs=tuple(Glyph(char, 26.0 + 20 * k, 40, 24, 0) for k, char in enumerate(text)),
        )
        for text in texts
    ]


def formulas(count: int) -> list[Entry]:
    """Fractions of bars that claim to be letters."""
    places = (Glyph("a", 20, 30, 24, 0, 2), Glyph("b", 20, 62, 24, 0, 2))
    told = [f"\\frac{{a}}{{b}}{'+c' * (i % 4)}" for i in range(count)]
    return [Entry(said, (60 + 20 * (i % 5), 70 + 30 * (i % 3)), FORMULA, (), places) for i, said in enumerate(told)]


def lines_spec(decoder: bool = False) -> ModelSpec:
    """vary-nano, small, with few letters."""
    whole = shrunken.spec("vary_nano")
    thin = replace(whole.vocabulary, stem=(4, 4, 16), merge=(16, 24))
    small = replace(whole, glyphs=GlyphSpec(LETTERS + " \ufffd", "中", traits=True), vocabulary=thin)
    if decoder:
        return small
    return replace(small, decoder=None, branches=(), tasks={})


def lines_model(decoder: bool = False) -> VaryModel:
    """A small model that reads lines, with random weights."""
    torch.manual_seed(0)
    return VaryModel(lines_spec(decoder)).eval()


def losses(rows: Sequence[dict[str, object]]) -> list[object]:
    """The losses in metrics."""
    return [row["loss"] for row in rows if "loss" in row]
