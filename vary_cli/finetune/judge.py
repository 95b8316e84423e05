"""What a model makes of examples that it does not learn: its loss on them, and what it reads beside what is true."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from vary_cli import model as models
from vary_cli.document import Line
from vary_cli.example import FORMULA, Example, Glyph
from vary_cli.finetune import translations
from vary_cli.finetune.augment import KnownLine
from vary_cli.finetune.lesson import Learner, Lesson
from vary_cli.finetune.lines import Known, errors
from vary_cli.finetune.loop import LOSSES, Loop
from vary_cli.finetune.mixture import Mixture, Place
from vary_cli.finetune.papers import Papers
from vary_cli.finetune.rounds import Rounds, lesson, sized
from vary_cli.finetune.translations import Translations
from vary_cli.formula.spelling import written
from vary_cli.layout import pixels
from vary_cli.model import pages
from vary_cli.model.checkpoint import Loaded
from vary_cli.model.repertoire import plain

LINES, PAGES, FORMULAS = 160, 2, 24  # read at most each time: reading takes time from learning
SHOWN = 3  # readings that are kept
LESSON = 16  # examples, or strips, of a lesson to judge by


@dataclass(frozen=True)
class Judged:
    """What became of some examples."""

    loss: float | None
    """None where no loss was taken."""
    error: float | None
    """Wrong characters for each true one; None where nothing was read."""
    samples: tuple[tuple[str, str], ...] = ()
    """(what was read, what is true)"""

    def row(self) -> dict[str, Any]:
        """As metrics have it."""
        return asdict(self)


@dataclass(frozen=True)
class Panel:
    """Examples to be read, each with its true text."""

    examples: tuple[Example, ...]
    truths: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.examples)


def page_panel(mixture: Mixture, places: Sequence[Place]) -> Panel:
    """A few whole pages."""
    found = [mixture.entry(place).example() for place in places[:PAGES]]
    return Panel(tuple(found), tuple(example.answer or "" for example in found))


def line_panel(mixture: Mixture, places: Sequence[Place], known: Mapping[Place, Known]) -> Panel:
    """Pictures with those of their lines whose text is known."""
    examples, truths, count = [], [], 0
    for place in places:
        example = mixture.entry(place).example()
        if example.prompt == FORMULA:
            continue
        what = known.get(place)
        lines = drawn(example.glyphs or ()) if what is None else what.lines
        image = pixels.upright(example.image)[0] if what is not None and what.turned else example.image
        if lines and count < LINES:
            examples.append(Example(image, lines=tuple(line.line for line in lines), source=example.source))
            truths.append("\n".join("".join(glyph.char for glyph in line.glyphs) for line in lines))
            count += len(lines)
    return Panel(tuple(examples), tuple(truths))


def formula_panel(mixture: Mixture, places: Sequence[Place]) -> Panel:
    """A few formulas, to be named and written."""
    entries = map(mixture.entry, places)
    told = ((entry, said) for entry in entries if (said := translations.answer(entry.text)) is not None)
    known = [(entry.example(), said) for entry, said in islice(told, FORMULAS)]
    asked = tuple(Example(example.image, FORMULA, source=example.source) for example, _ in known)
    return Panel(asked, tuple(written(said) for _, said in known))


def drawn(glyphs: Sequence[Glyph]) -> list[KnownLine]:
    """Glyphs with places as lines."""
    lines: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        lines.setdefault(glyph.line, []).append(glyph)
    return [outlined(sorted(line, key=lambda g: g.x)) for line in lines.values()]


def outlined(glyphs: Sequence[Glyph]) -> KnownLine:
    """One line of glyphs with its box."""
    middle = sorted(glyphs, key=lambda g: g.size)[len(glyphs) // 2]
    left, right, em, y = glyphs[0].x - glyphs[0].size / 3, glyphs[-1].x + glyphs[-1].size / 3, middle.size, middle.y
    said = tuple(glyph._replace(char=plain(glyph.char)) for glyph in glyphs)
    return KnownLine(Line((left, y - 0.75 * em, right, y + 0.25 * em), y, em), said, True)


def read(panel: Panel, loop: Loop, words: Tokenizer | None) -> Judged:
    """What the model reads of a panel."""
    if not panel.examples:
        return Judged(None, None)
    model = loop.model
    loaded = Loaded(model, model.spec, words, Path())
    if model.spec.reads == "page":
        transcribe = pages.transcriber(loaded, pages.Reading(max_tokens=longest(panel, words)))
    else:
        transcribe = models.transcriber(loaded, None, loop.accelerator.device.type, 1)
    said = [generation.text for generation in transcribe(panel.examples)]
    pairs = list(pieces(said, panel.truths, model.spec.reads == "region"))
    wrong, total = errors([a for a, _ in pairs], [b for _, b in pairs])
    worst = sorted(pairs, key=lambda pair: -errors([pair[0]], [pair[1]])[0])[:SHOWN]
    return Judged(None, wrong / max(1, total), tuple(worst))


def longest(panel: Panel, words: Tokenizer | None) -> int:
    """How much may be written: what is true and a little more, for a model that cannot end yet never would."""
    return max(32 if words is None else 32 + len(words.encode(truth).ids) for truth in panel.truths)


def pieces(said: Sequence[str], truths: Sequence[str], lines: bool) -> Iterator[tuple[str, str]]:
    """Answers beside the truth: whole, or line by line."""
    for answer, truth in zip(said, truths, strict=True):
        if lines:
            yield from zip(answer.split("\n"), truth.split("\n"), strict=True)
        else:
            yield answer, truth


def held_lessons(sheaves: Rounds | Papers | Translations) -> list[Lesson]:
    """The examples that are kept out, as lessons."""
    if isinstance(sheaves, Translations):
        return sheaves.held()
    places = sheaves.mixture.kept_out()
    if isinstance(sheaves, Papers):
        batches = [places[i : i + sheaves.size] for i in range(0, len(places), sheaves.size)]
        return [sheaves.lesson(batch) for batch in batches]
    chance = random.Random(f"{sheaves.mixture.seed}/held")
    strips = [strip for place in places for strip in sheaves.strips(place, chance)]
    kinds = [[s for s in strips if s.is_block == is_block][: 8 * LESSON] for is_block in (False, True)]
    groups = [kind[i : i + LESSON] for kind in map(sized, kinds) for i in range(0, len(kind), LESSON)]
    return [lesson(group, sheaves.spec) for group in groups]


@torch.no_grad()
def loss(learner: Learner, lessons: Sequence[Lesson], loop: Loop) -> float | None:
    """The weighted loss on lessons, each loss over all that they hold."""
    sums, counts = dict.fromkeys(LOSSES, 0.0), dict.fromkeys(LOSSES, 0)
    for one in lessons:
        losses = learner(one.to(loop.accelerator.device))
        for name, value in losses.items():
            if one.counts.get(name):
                sums[name] += float(value) * one.counts[name]
                counts[name] += one.counts[name]
    means = {name: sums[name] / count for name, count in counts.items() if count}
    return sum(loop.weights[name] * value for name, value in means.items()) if means else None


def judged(loop: Loop, panel: Panel, lessons: Sequence[Lesson], words: Tokenizer | None, sharded: bool) -> Judged:
    """What the weights that are saved make of a panel and of lessons. The loop goes on afterwards as if nothing were.

    Where the model is spread over processes all of them take part, and nothing is read.
    """
    with nullcontext() if loop.average is None else loop.average.within(loop.model), loop.accelerator.autocast():
        loop.learner.eval()
        found = loss(loop.learner if sharded else Learner(loop.model), lessons, loop)
        said = Judged(None, None) if sharded else read(panel, loop, words)
        loop.resume_training()
    return Judged(found, said.error, said.samples)
