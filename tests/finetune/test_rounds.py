"""Batches: their draw, their targets, their independence of what ran before."""

import random
from collections.abc import Iterator

import pytest
import torch
from PIL import Image, ImageDraw

from vary_cli.errors import DataError
from vary_cli.example import Example, Glyph
from vary_cli.finetune.augment import strips
from vary_cli.finetune.rounds import Rounds, StripBatch, batches, grouped
from vary_cli.model.repertoire import Repertoire
from vary_cli.model.spec import GlyphSpec

REPERTOIRE = Repertoire(GlyphSpec("abcdefghij \ufffd", "中"))


def bars(chance: random.Random) -> Iterator[Example]:
    """Lines of black bars that claim to be letters."""
    while True:
        count = chance.randint(2, 20)
        image = Image.new("L", (40 + 20 * count, 60), 255)
        pen = ImageDraw.Draw(image)
        for i in range(count):
            pen.rectangle((20 + 20 * i, 20, 32 + 20 * i, 40), fill=0)
        word = tuple(Glyph(chance.choice("abcdefghij"), 26.0 + 20 * i, 40, 24, 0) for i in range(count))
        yield Example(image, glyphs=word, source="bars")


def nothing(chance: random.Random) -> Iterator[Example]:
    return iter(())


def rounds(**changes: object) -> Rounds:
    settings = {
        "mixture": {"bars": (1.0, bars)},
        "repertoire": REPERTOIRE,
        "cell_width": 8,
        "cells": 300,
        "seed": 1,
        "size": 60,
    }
    return Rounds(**(settings | changes))  # type: ignore[arg-type]


def same(a: StripBatch, b: StripBatch) -> bool:
    return torch.equal(a.ink, b.ink) and torch.equal(a.glyphs.sequence, b.glyphs.sequence)


def test_a_round_depends_on_seed_and_number_alone() -> None:
    first = rounds()[3]
    again = rounds()
    again[2]
    assert all(same(a, b) for a, b in zip(first, again[3], strict=True))
    assert not same(first[0], rounds(seed=2)[3][0])


def test_workers_do_not_change_the_order() -> None:
    alone, shared = batches(rounds(), 0, 0), batches(rounds(), 0, 2)
    assert all(same(next(alone), next(shared)) for _ in range(5))


def test_every_strip_is_in_one_batch_and_no_batch_is_too_wide() -> None:
    found = rounds()[0]
    assert sum(len(b.ink) for b in found) == 60
    assert all(b.ink.shape[0] * b.ink.shape[-1] <= 300 * 8 + 8 * b.ink.shape[0] or len(b.ink) == 1 for b in found)


def test_targets_tell_every_character() -> None:
    batch = rounds()[0][0]
    assert int(batch.glyphs.lengths.sum()) == batch.characters == len(batch.glyphs.sequence)


def test_a_source_that_runs_dry_is_an_error() -> None:
    with pytest.raises(DataError, match="nothing has no example with glyph positions"):
        rounds(mixture={"nothing": (1.0, nothing)})[0]


def test_a_strip_shows_what_its_glyphs_say() -> None:
    chance = random.Random(0)
    for example in (next(bars(chance)) for _ in range(50)):
        for strip in strips(example, chance):
            assert strip.pixels.shape[0] == 32
            assert all(0 <= g.x < strip.pixels.shape[1] for g in strip.glyphs)


def test_groups_keep_order() -> None:
    chance = random.Random(0)
    found = sorted((s for _ in range(40) for s in strips(next(bars(chance)), chance)), key=lambda s: s.pixels.shape[1])
    assert [id(s) for group in grouped(found, 2000) for s in group] == [id(s) for s in found]
