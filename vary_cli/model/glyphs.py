"""The glyph head: which character stands in each vision token's cell. Targets, loss and readout.

Vary generates its vocabulary by autoregression alone; here every vision token also learns directly which character
has its centre in which half of its cell. What is told apart on every half cell is small (blank, Latin, signs, "a Han
character"); which Han character it is, only the cells that hold one answer. Read from left to right and collapsed as
in connectionist temporal classification (Graves 2006), the halves give a line's text without a decoder.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from vary_cli.example import Glyph
from vary_cli.model.spec import GlyphSpec

BLANK = 0
UNKNOWN = "\ufffd"  # stands for every character outside the repertoire

ASCII = "".join(map(chr, range(32, 127)))
LATIN = "".join(map(chr, (*range(0xA1, 0xAD), *range(0xAE, 0x100)))) + "ĄąĆćČčĎďĐđĘęĚěĞğİıŁłŃńŇňŐőŒœŘřŚśŞşŠšŤťŮůŰűŸŹźŻżŽž"
GREEK = "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλνξοπρςστυφχψωϑϕϵϖϱ"
SIGNS = (
    "‘’“”‚„–—…•‹›†‡‰™€′″‾⁄ℓℏℑℜℵ℘ℕℤℚℝℂ←↑→↓↔↦⇐⇑⇒⇓⇔↪⟶⟹∀∂∃∅∇∈∉∋∏∐∑−∓∗∘√∝∞∠∣∥∧∨∩∪∫∮∴∼≃≅≈≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊕⊖⊗⊙⊢⊣⊤⊥⋀⋁⋂⋃⋅⋆⋮⋯⋱⌈⌉⌊⌋⟨⟩"
    "■□▪▫▲△▶►▼▽◀◆◇○◦●★☆☎☐☑✓✔✗✘♠♣♥♦♪♭♮♯①②③④⑤⑥⑦⑧⑨⑩"
)
CJK_SIGNS = "、。〈〉《》「」『』【】〔〕〖〗〜・！（），：；？［］｛｝～￥％＋－＝"
COMMON = "".join(dict.fromkeys(ASCII + LATIN + GREEK + SIGNS + CJK_SIGNS)) + UNKNOWN
GB2312 = "".join(
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xF8)
    for low in range(0xA1, 0xFF)
    if not (high == 0xD7 and low > 0xF9)  # the last five places of level 1 are empty
)

# Different code points of one look: a picture cannot tell them apart, so a target must not.
SAME_LOOK = str.maketrans({
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " " * 12, strict=True)),
    "\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u2212": "−", "\u22c5": "·", "\u2027": "·", "\u00b5": "μ",
    "\u2126": "Ω", "\u2206": "∆", "\u2022": "•", "\u223c": "∼", "\u02dc": "~", "\u02c6": "^", "\u2044": "/", "\u2215": "/",
    "\u2223": "|", "\u2016": "∥", "\u22ef": "⋯", "\uff5e": "～", "\u301c": "～", "\u25cf": "●", "\u2192": "→",
})  # fmt: skip


def plain(char: str) -> str:
    """The representative of a character's look: 'ﬁ' -> 'fi', '𝑥' -> 'x', no-break space -> space."""
    if char in COMMON:
        return char
    char = char.translate(SAME_LOOK)
    if char in COMMON:
        return char
    return unicodedata.normalize("NFKC", char).translate(SAME_LOOK)


class Repertoire:
    """Characters <-> classes. Class 0 is blank, then the common characters, then one that says "Han"."""

    def __init__(self, spec: GlyphSpec) -> None:
        self.common = spec.common
        self.han = spec.han
        self.han_class = len(spec.common) + 1
        self.classes = len(spec.common) + 2
        self._common = {c: i + 1 for i, c in enumerate(spec.common)}
        self._han = {c: i for i, c in enumerate(spec.han)}

    def ids(self, char: str) -> tuple[int, int]:
        """(common class, Han index or -1) of one character."""
        if char in self._han:
            return self.han_class, self._han[char]
        return self._common.get(char, self._common[UNKNOWN]), -1


@dataclass(frozen=True)
class Targets:
    """What the glyph head should say of one strip."""

    halves: NDArray[np.int64]
    """(2 * cells,) the class whose centre lies in each half cell, 0 for none."""
    sequence: NDArray[np.int64]
    """The classes in reading order."""
    han: NDArray[np.int64]
    """(n, 2): cell and Han index of each Han character."""


def targets(glyphs: Sequence[Glyph], cells: int, cell_width: float, repertoire: Repertoire) -> Targets:
    """Targets of the glyphs of one line, x in px of the strip.

    Two centres in one half cell: the later one moves to a free neighbour; where none is free it stays out of the cell
    targets and only the sequence knows it.
    """
    halves = np.zeros(2 * cells, np.int64)
    sequence, han = [], []
    for glyph in sorted(glyphs, key=lambda g: g.x):
        common, index = repertoire.ids(glyph.char)
        sequence.append(common)
        place = min(max(int(glyph.x / cell_width * 2), 0), 2 * cells - 1)
        free = next((p for p in (place, place + 1, place - 1) if 0 <= p < 2 * cells and not halves[p]), None)
        if free is not None:
            halves[free] = common
        if index >= 0:
            han.append((min(max(int(glyph.x / cell_width), 0), cells - 1), index))
    return Targets(halves, np.array(sequence, np.int64), np.array(han, np.int64).reshape(-1, 2))


class GlyphHead(nn.Module):
    """Vision tokens (B, cells, width) -> log-probabilities of what stands in their halves, and in the cell if Han."""

    def __init__(self, width: int, spec: GlyphSpec) -> None:
        super().__init__()
        self.repertoire = Repertoire(spec)
        self.common = nn.Linear(width, 2 * self.repertoire.classes)
        self.han = nn.Linear(width, max(1, len(spec.han)))

    def forward(self, tokens: Tensor) -> Tensor:
        """-> (B, 2 * cells, classes) logits of the common classes."""
        batch, cells, _ = tokens.shape
        return self.common(tokens).view(batch, 2 * cells, self.repertoire.classes)


@dataclass(frozen=True)
class GlyphBatch:
    """Padded targets of a batch of strips."""

    halves: Tensor
    """(B, 2 * cells), -100 beyond a strip's end."""
    sequence: Tensor
    """(sum of lengths,) all sequences, one after the other."""
    lengths: Tensor
    """(B,) characters of each strip."""
    steps: Tensor
    """(B,) half cells of each strip."""
    han: Tensor
    """(n, 3): strip, cell, Han index."""


def glyph_loss(head: GlyphHead, tokens: Tensor, batch: GlyphBatch, sequence_weight: float) -> dict[str, Tensor]:
    """Losses of the glyph head: `cells` (cross entropy by place), `han` (by cell) and `sequence` (CTC)."""
    logits = head(tokens)
    cells = F.cross_entropy(logits.flatten(0, 1), batch.halves.flatten(), ignore_index=-100)
    losses = {"cells": cells}
    if len(batch.han):
        strip, cell, index = batch.han.unbind(1)
        losses["han"] = F.cross_entropy(head.han(tokens[strip, cell]), index, label_smoothing=0.02)
    if sequence_weight > 0:
        logs = F.log_softmax(logits.float(), -1).transpose(0, 1)  # (steps, B, classes)
        losses["sequence"] = F.ctc_loss(logs, batch.sequence, batch.steps, batch.lengths, zero_infinity=True)
    return losses


@dataclass(frozen=True)
class ReadGlyph:
    """One character that the glyph head reports."""

    char: str
    x: float
    """Centre, in cells from the strip's left edge."""
    probability: float


@torch.no_grad()
def read(head: GlyphHead, tokens: Tensor, steps: Sequence[int]) -> list[list[ReadGlyph]]:
    """What stands on each strip, from left to right (greedy collapse). steps: half cells of each strip."""
    probabilities, classes = F.softmax(head(tokens).float(), -1).max(-1)  # (B, halves)
    runs = [collapse(c[:n], p[:n]) for c, p, n in zip(classes.tolist(), probabilities.tolist(), steps, strict=True)]
    cells = [(b, run) for b, found in enumerate(runs) for run in found if run[0] == head.repertoire.han_class]
    names: dict[tuple[int, int], tuple[str, float]] = {}
    if cells:
        where = torch.tensor([(b, (run[1] + run[2]) // 4) for b, run in cells])
        best, index = F.softmax(head.han(tokens[where[:, 0], where[:, 1]]).float(), -1).max(-1)
        for (b, run), p, i in zip(cells, best.tolist(), index.tolist(), strict=True):
            names[b, run[1]] = (head.repertoire.han[i], p)
    return [[named(head.repertoire, run, names.get((b, run[1]))) for run in found] for b, found in enumerate(runs)]


Run = tuple[int, int, int, float]  # class, first half cell, last half cell, best probability


def collapse(classes: Sequence[int], probabilities: Sequence[float]) -> list[Run]:
    """Neighbouring halves of one class are one character; blanks are none."""
    runs: list[Run] = []
    for i, (c, p) in enumerate(zip(classes, probabilities, strict=True)):
        if c != BLANK and i and classes[i - 1] == c:
            name, first, _, best = runs[-1]
            runs[-1] = (name, first, i, max(best, p))
        elif c != BLANK:
            runs.append((c, i, i, p))
    return runs


def named(repertoire: Repertoire, run: Run, han: tuple[str, float] | None) -> ReadGlyph:
    """A run as a character; `han` names it where its class only says Han."""
    name, first, last, probability = run
    x = (first + last + 1) / 4
    if han is not None:
        return ReadGlyph(han[0], x, probability * han[1])
    return ReadGlyph(repertoire.common[name - 1], x, probability)
