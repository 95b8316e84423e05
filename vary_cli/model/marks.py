"""What stands in a formula as rows for the decoder: the characters that the glyph head named, and their ink.

A row is a character's token with its place added to it, as LayoutLM adds words' boxes to words (Xu et al. 2019, arXiv
1912.13318). Ink of no character, as the bar of a fraction, is a row without a name.
"""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor, nn

from vary_cli.example import BOLD, ITALIC, Glyph
from vary_cli.formula.spelling import sign
from vary_cli.ink.owners import owned, parts
from vary_cli.model.repertoire import ALPHABETS

NAMELESS = 0  # the token of ink that has no name, and of characters that formulas cannot spell
SPECK = 0.12  # ems: smaller ink that has no name is dirt
PLACES = 9 + len(ALPHABETS)  # left, right, top, bottom, baseline, size: ems; bold, italic, nameless, alphabet: 0 to 1
WAVES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 40.0, 100.0)  # ems
LINEAR = 0.1  # of the first five beside their waves
LOUD = 0.1  # how much places say beside names at the beginning


@dataclass(frozen=True)
class Marks:
    """What stands on a picture of a formula, from left to right."""

    chars: tuple[str, ...]
    """Empty where ink has no name."""
    places: NDArray[np.float32]
    """(N, 8): the ink's box x0, y0, x1, y1, baseline and size of the character, px; how probably it is bold, and
    whether it is italic."""
    em: float
    """px."""


@dataclass(frozen=True)
class Rows:
    """Marks as the decoder is given them, one sample's after the other's."""

    ids: Tensor
    """(rows,) token ids."""
    places: Tensor
    """(rows, PLACES)."""

    def to(self, device: torch.device | str) -> Rows:
        """The rows on a device."""
        return Rows(self.ids.to(device), self.places.to(device))


class Places(nn.Module):
    """Embeds places: (rows, PLACES) -> (rows, width). Waves tell them apart as far as attention has to."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(5 * 2 * len(WAVES) + PLACES, width)
        self.outer = nn.Linear(width, width)

    def forward(self, places: Tensor) -> Tensor:
        """The places as what is added to names."""
        waves = 2 * math.pi / torch.tensor(WAVES, device=places.device)
        angles = (places[:, :5, None] * waves).flatten(1)
        told = torch.cat([angles.sin(), angles.cos(), LINEAR * places[:, :5], places[:, 5:]], -1)
        rows: Tensor = LOUD * self.outer(nn.functional.gelu(self.inner(told.to(self.inner.weight))))
        return rows


def marks(image: Image.Image, glyphs: Sequence[Glyph], em: float) -> Marks:
    """The characters that were named on a picture and the rest of its ink."""
    found, rest = owned(glyphs, parts(image, em))
    told = [(one.glyph.char, (*one.box, one.glyph.y, one.glyph.size, *styles(one.glyph))) for one in found]
    told += [("", (*box, box[3], 0.0, 0.0, 0.0)) for box in rest if max(box[2] - box[0], box[3] - box[1]) > SPECK * em]
    told.sort(key=lambda mark: mark[1][0] + mark[1][2])
    places = np.array([place for _, place in told], np.float32).reshape(-1, 8)
    return Marks(tuple(char for char, _ in told), places, em)


def styles(glyph: Glyph) -> tuple[float, float]:
    """How probably a character is bold, and whether it is italic."""
    bold = float(bool(glyph.style & BOLD)) if glyph.bold is None else (1 + math.tanh(glyph.bold / 2)) / 2
    return bold, float(bool(glyph.style & ITALIC))


def placed(found: Marks) -> NDArray[np.float32]:
    """Places as rows have them: ems from the leftmost ink and from the middle baseline, (N, PLACES)."""
    boxes, rest = found.places[:, [0, 2, 1, 3, 4]].copy(), found.places[:, 5:].copy()
    if len(boxes):
        boxes[:, :2] -= boxes[:, 0].min()
        boxes[:, 2:] -= statistics.median(boxes[:, 4].tolist())
    rest[:, 0] /= found.em
    kinds = np.array([[not char, *alphabets(char)] for char in found.chars], np.float32)
    return np.concatenate([boxes / found.em, rest, kinds.reshape(-1, PLACES - 8)], 1)


def alphabets(char: str) -> list[bool]:
    """Of which of the formulas' alphabets a character is."""
    return [char != "" and char in letters for letters in ALPHABETS]


def rows(found: Sequence[Marks], words: Tokenizer) -> Rows:
    """Marks of some samples as rows."""
    known = {char: named(char, words) for one in found for char in one.chars}
    ids = [known[char] for one in found for char in one.chars]
    return Rows(torch.tensor(ids, dtype=torch.long), torch.from_numpy(np.concatenate([placed(one) for one in found])))


def named(char: str, words: Tokenizer) -> int:
    """The token by which a formula names a character: `\\alpha` for an alpha, else the character's own.

    A letter of an alphabet is named as the plain one; of which alphabet it is stands among its places.
    """
    for said in (sign(char), char, unicodedata.normalize("NFKC", char)) if char else ():
        ids = words.encode(f" {said}", add_special_tokens=False).ids if said else []
        if len(ids) == 1:
            return int(ids[0])
    return NAMELESS
