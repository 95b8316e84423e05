"""How a region-reading model reads: lines become strips, strips of many regions fill a batch, the glyph head answers.

With a text layer the layer's characters are claims: each is checked at its own place, and the answer says how many
were seen, how many were read otherwise and how many nobody could check.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from vary_cli.document import Account, Line
from vary_cli.example import Example, Finish, Generation, Glyph
from vary_cli.model.beside import ones
from vary_cli.model.claims import Claim, settle
from vary_cli.model.doubles import counted
from vary_cli.model.glyphs import SLOTS, GlyphHead, ReadGlyph, read, sureness
from vary_cli.model.small import marks, number, retold
from vary_cli.model.strips import EM, line_box, places, strip, vision_tokens
from vary_cli.model.vocabulary import VocabularyNetwork

SCRIPT, RISE = 0.85, 0.12  # of a line's em: what is smaller, or stands higher or lower by more, is a script
INK = 24  # gray levels between paper and the palest ink
CHUNK = 16_384  # cells read at a time, over all regions: bounds memory, fills batches


@dataclass(frozen=True)
class ReadLine:
    """What the glyph head reports of one line."""

    glyphs: tuple[ReadGlyph, ...]
    account: Account

    @property
    def text(self) -> str:
        """The line's text."""
        return "".join(g.char for g in self.glyphs).strip()

    @property
    def probability(self) -> float:
        """Mean probability of its characters."""
        return sureness(self.glyphs)


@dataclass(frozen=True)
class Job:
    """A line of an example on its way through the network."""

    example: int
    line: int
    pixels: NDArray[np.uint8]
    em: float
    """The size in which it is read, px: one of two where the pixels leave that open."""
    claims: tuple[Claim, ...]
    hidden: int = 0
    """How many more characters a text layer says where nothing is drawn."""


class LineReader:
    """A transcriber (see example.py) by the vocabulary network and its glyph head alone.

    Each example has `lines`; its answer has one line of text for each. `glyphs`, where given, are a text layer's
    claims, to be trusted where the network sees them.
    """

    def __init__(self, vocabulary: VocabularyNetwork, head: GlyphHead, *, cells: int = 2048) -> None:
        self.vocabulary, self.head, self.cells = vocabulary, head, cells
        self.cell_width = vocabulary.spec.cell[1]

    def __call__(self, examples: Iterable[Example]) -> Iterator[Generation]:
        """Answers in order; examples are taken as they are needed."""
        held: list[Example] = []
        load = 0.0
        for example in examples:
            held.append(example)
            load += sum((line.box[2] - line.box[0]) / line.em for line in example.lines or ()) * EM / self.cell_width
            if load > CHUNK:
                yield from self.answers(held)
                held, load = [], 0.0
        yield from self.answers(held)

    def answers(self, examples: Sequence[Example]) -> Iterator[Generation]:
        """Read all lines of some examples together."""
        jobs = [job for i, example in enumerate(examples) for job in jobs_of(i, example, self.cell_width)]
        jobs.sort(key=lambda job: job.pixels.shape[1])
        found: dict[tuple[int, int], tuple[ReadLine, float]] = {}
        for batch in self.batches(jobs):
            for job, line in zip(batch, self.lines(batch), strict=True):
                before = found.get((job.example, job.line))
                if before is None or line.probability > before[0].probability:
                    found[job.example, job.line] = (line, job.em)
        for i, example in enumerate(examples):
            told = [found[i, k] for k in range(len(example.lines or ()))]
            lines = [replace(line, em=em) for line, (_, em) in zip(example.lines or (), told, strict=True)]
            sized, said = replace(example, lines=tuple(lines)), [line for line, _ in told]
            yield generation(sized, said if example.glyphs else self.closer(sized, said), self.cell_width)

    def closer(self, example: Example, said: Sequence[ReadLine]) -> list[ReadLine]:
        """The lines of an example that was read, their small print read once more."""
        lines, image, result = example.lines or (), example.image, list(said)
        found = [
            (k, mark)
            for k, line in enumerate(lines)
            for mark in (
                *number(line, said[k].glyphs, image, self.cell_width),
                *marks(line, said[k].glyphs, self.cell_width),
            )
        ]
        jobs = [Job(0, n, strip(image, mark.line), mark.line.em, ()) for n, (_, mark) in enumerate(found)]
        seen: dict[int, ReadLine] = {}
        for batch in self.batches(sorted(jobs, key=lambda job: job.pixels.shape[1])):
            seen |= {job.line: line for job, line in zip(batch, self.lines(batch), strict=True)}
        for n, (k, mark) in reversed(list(enumerate(found))):  # from right to left: the places of others stay
            glyphs = retold(lines[k], result[k].glyphs, mark, seen[n].glyphs, self.cell_width)
            result[k] = ReadLine(glyphs, Account(read=len(glyphs)))
        return result

    def batches(self, jobs: Sequence[Job]) -> Iterator[list[Job]]:
        """Jobs of similar width, about `cells` vision tokens together."""
        batch: list[Job] = []
        for job in jobs:
            if batch and (len(batch) + 1) * job.pixels.shape[1] > self.cells * self.cell_width:
                yield batch
                batch = []
            batch.append(job)
        if batch:
            yield batch

    @torch.inference_mode()
    def lines(self, batch: Sequence[Job]) -> list[ReadLine]:
        """One pass of the network."""
        tokens = vision_tokens(self.vocabulary, [job.pixels for job in batch])
        steps = [SLOTS * -(-job.pixels.shape[1] // self.cell_width) for job in batch]
        glyphs = [ones(counted(seen, self.cell_width)) for seen in read(self.head, tokens, steps)]
        return [
            judged(job, *settle(self.head, row, seen, job.claims))
            for row, seen, job in zip(tokens, glyphs, batch, strict=True)
        ]


def judged(job: Job, glyphs: tuple[ReadGlyph, ...], account: Account) -> ReadLine:
    """A line; characters that a layer says and nobody sees are told as corrected, and a line of such says nothing."""
    if job.hidden and all(claim.char.isspace() for claim in job.claims):
        return ReadLine((), Account(corrected=job.hidden))
    return ReadLine(glyphs, account + Account(corrected=job.hidden))


def jobs_of(number: int, example: Example, cell_width: int) -> Iterator[Job]:
    """The lines of one example; each claim goes with the line that it stands on."""
    image = example.image.convert("L")
    for k, line in enumerate(example.lines or ()):
        (left, _, _, _), _ = line_box(line)
        scale = EM / line.em / cell_width
        own = [g for g in example.glyphs or () if g.line == k]
        claims = tuple(Claim(g.char, (g.x - left) * scale, is_script(g, line)) for g in own)
        pixels = strip(image, line)
        shown = tuple(c for c in claims if c.char.isspace() or has_ink(pixels, c.x * cell_width))
        yield Job(number, k, pixels, line.em, shown, len(claims) - len(shown))
        if line.doubt and not own:
            yield Job(number, k, strip(image, replace(line, em=line.doubt)), line.doubt, ())


def is_script(glyph: Glyph, line: Line) -> bool:
    """Whether a character is raised, lowered or smaller than its line."""
    return glyph.size < SCRIPT * line.em or abs(glyph.y - line.baseline) > RISE * line.em


def has_ink(pixels: NDArray[np.uint8], x: float) -> bool:
    """Whether anything is drawn where a character is said to stand: within half an em of `x`, px of a strip.

    Pages hold text that cannot be seen: under pictures, behind bars, in the colour of the paper.
    """
    near = pixels[:, max(0, int(x - EM / 2)) : int(x + EM / 2) + 1]
    return near.size > 0 and int(near.max()) - int(near.min()) >= INK


def generation(example: Example, lines: Sequence[ReadLine], cell_width: int) -> Generation:
    """The answer to an example from its lines."""
    glyphs = [g for line in lines for g in line.glyphs]
    score = sum(math.log(max(g.probability, 1e-6)) for g in glyphs) / max(1, len(glyphs))
    account = sum((line.account for line in lines), Account())
    finish: Finish = "stop" if glyphs else "blank"
    pairs = enumerate(zip(example.lines or (), lines, strict=True))
    stood = tuple(glyph for k, (line, said) in pairs for glyph in placed(line, said, k, cell_width))
    text = "\n".join(line.text for line in lines)
    return Generation(text, finish, len(glyphs), score, account, stood, math.exp(score * len(glyphs)))


def placed(line: Line, said: ReadLine, number: int, cell_width: int) -> Iterator[Glyph]:
    """The characters of a line where they stand, px of the picture that it was cut from."""
    left, cell = places(line, cell_width)
    for g in said.glyphs:
        yield Glyph(g.char, left + g.x * cell, line.baseline - g.rise * line.em, g.size * line.em, number, g.style)
