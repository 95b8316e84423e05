"""What a user's pages do not tell of is not unlearned: how characters are set, and what a decoder is shown."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest
import torch
from shrunken import spec as pages_spec
from small import bars, lines_model, lines_spec

from vary_cli.errors import UsageError
from vary_cli.finetune.augment import KnownLine, known_strips, strips
from vary_cli.finetune.judge import outlined
from vary_cli.finetune.keeping import Keeper, remembered
from vary_cli.finetune.lesson import Learner, Lesson
from vary_cli.finetune.loop import Loop
from vary_cli.finetune.machine import accelerator
from vary_cli.finetune.order import Machine, Order
from vary_cli.finetune.rounds import lesson
from vary_cli.finetune.stages import Stage
from vary_cli.model.glyphs import BLANK, STYLES
from vary_cli.model.vary import VaryModel

HERE = torch.device("cpu")
RATES = {"vocabulary": 3e-3, "glyphs": 3e-3}
TOLD = {"cells": 1.0, "sequence": 0.3, "han": 0.5, "traits": 0.3}


def told(seed: int, styled: bool = False) -> Lesson:
    """A lesson of lines, with or without what is known of their styles."""
    chance = random.Random(seed)
    found = []
    for entry in bars(12)[seed % 3 :: 3]:
        example = entry.example()
        line = KnownLine(outlined(entry.glyphs or ()).line, entry.glyphs or (), placed=True)
        found += list(strips(example, chance) if styled else known_strips(example.image, [line], chance))
    return lesson(found, lines_spec(True))


def tuned(model: VaryModel, keep: float) -> VaryModel:
    """A copy of a model after some steps on lines whose styles are not known."""
    stage = Stage("tiny", rates=RATES, steps=12, glyph_weights=TOLD, average=0.0, keep=keep)
    copy = deepcopy(model)
    learner = Keeper(copy, HERE) if keep else Learner(copy)
    loop = Loop(learner, stage, accelerator(Machine(device="cpu"), idle=True))
    for number in range(12):
        loop.step(number, [told(number)])
    return loop.model.eval()


@torch.no_grad()
def views(model: VaryModel, one: Lesson) -> tuple[torch.Tensor, torch.Tensor]:
    """What a model says of how characters are set, and the tokens that all its heads stand on."""
    assert model.glyphs is not None
    assert model.glyphs.traits is not None
    tokens = one.seen(model.vocabulary)
    return model.glyphs.traits(tokens), tokens[one.batch.valid.bool()]  # type: ignore[union-attr]


def test_lines_of_unknown_styles_have_no_targets_for_them() -> None:
    assert told(0).counts["traits"] == 0
    assert told(0).counts["cells"] > 0
    assert told(0, styled=True).counts["traits"] > 0


def test_what_nobody_tells_stays_as_it_was() -> None:
    model, other = lines_model(decoder=True), told(1, styled=True)
    before = views(model, other)
    kept, free = (views(tuned(model, keep), other) for keep in (3.0, 0.0))
    for then, held, lost in zip(before, kept, free, strict=True):
        assert (held - then).norm() < 0.6 * (lost - then).norm()


def test_the_statistics_of_a_few_pages_do_not_count() -> None:
    model = lines_model()
    before = {name: value.clone() for name, value in model.named_buffers() if "running" in name}
    assert before
    for keep, stay in ((0.5, True), (0.0, False)):
        after = dict(tuned(model, keep).named_buffers())
        assert all(torch.equal(value, after[name]) == stay for name, value in before.items())


def test_a_decoder_is_left_alone_by_a_user_s_pages() -> None:
    model = lines_model(decoder=True)
    assert model.decoder is not None
    stage = Order().settled(model.spec, 20)
    assert set(stage.rates) == {"vocabulary", "glyphs"}
    assert stage.keep > 0
    after = tuned(model, stage.keep)
    assert after.decoder is not None
    for one, other in ((model.decoder, after.decoder), (model.projectors, after.projectors)):
        assert all(torch.equal(p, q) for p, q in zip(one.parameters(), other.parameters(), strict=True))


def test_whoever_says_what_learns_is_not_held_back() -> None:
    spec = lines_spec(True)
    assert Order(rates={"glyphs": 1e-3}).settled(spec, 20).keep == 0
    assert Order(rates={"glyphs": 1e-3}, keep=0.2).settled(spec, 20).keep == 0.2
    assert Order(scratch=True).settled(spec, 20).keep == 0
    assert Order(stage="base", adapter=4).settled(spec, 20).rates["decoder"] > 0
    with pytest.raises(UsageError, match="not kept while it learns"):
        Order(rates={"decoder": 1e-3}, keep=0.2).settled(spec, 20)
    with pytest.raises(UsageError, match="no glyph head"):
        Order(stage="base", rates={"projectors": 1e-3}, keep=0.2).settled(pages_spec("vary_tiny"), 20)


def test_the_memory_is_of_characters_that_were_seen_on_lines_of_unknown_style() -> None:
    model = lines_model()
    head = model.glyphs
    assert head is not None
    one = told(0)
    tokens = one.seen(model.vocabulary)
    seen = head(tokens).argmax(-1) != BLANK
    rows = remembered(head, tokens, torch.tensor([], dtype=torch.long))
    assert len(rows) == seen.sum() > 0
    assert ((rows[:, 2 : 2 + len(STYLES)] >= 0) & (rows[:, 2 : 2 + len(STYLES)] <= 1)).all()
    assert not (remembered(head, tokens, torch.tensor([0]))[:, 0] == 0).any()


def test_what_is_told_of_styles_is_learned() -> None:
    model, known = lines_model(), told(0, styled=True)
    learner = Keeper(model, HERE)
    tokens = known.seen(model.vocabulary)
    assert learner.settings(tokens, learner.before.tokens(known), known) == 0
    losses = learner(known)
    assert losses["traits"] > 0
    assert losses["kept"].item() == pytest.approx(0, abs=1e-9)
