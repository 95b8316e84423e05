"""The loop: what learns, what does not, what is saved."""

import pytest
import torch
from test_rounds import REPERTOIRE, rounds
from torch import nn

from vary_cli.errors import DataError, DeviceError
from vary_cli.finetune.average import Average
from vary_cli.finetune.loop import optimizer, steps
from vary_cli.finetune.rounds import batches
from vary_cli.finetune.stages import Stage
from vary_cli.model.glyphs import GlyphHead
from vary_cli.model.spec import GlyphSpec, VocabularySpec
from vary_cli.model.vocabulary import VocabularyNetwork

SMALL = VocabularySpec(
    width=16,
    depth=2,
    heads=2,
    window=(4, 8),
    global_blocks=(1,),
    channels=1,
    image_size=None,
    patch=8,
    stem=(8, 8, 16),
    neck=16,
    merge=(16, 24),
    merge_stride=(2, 1),
    merge_activation=True,
)


class Reader(nn.Module):
    """The parts of vary-nano that read glyphs."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.vocabulary = VocabularyNetwork(SMALL)
        self.glyphs = GlyphHead(24, GlyphSpec(REPERTOIRE.common, REPERTOIRE.han))


def stage(**changes: object) -> Stage:
    settings = {"name": "test", "rates": {"vocabulary": 1e-3, "glyphs": 1e-3}, "steps": 4, "cells": 300}
    return Stage(**(settings | changes))  # type: ignore[arg-type]


def trained(stage: Stage) -> tuple[Reader, Average, list[float]]:
    model = Reader()
    average = Average(model, stage.average)
    found = list(steps(model, stage, batches(rounds(), 0, 0), optimizer(model, stage), average))
    return model, average, [sum(p.losses.values()) for p in found]


def test_the_loss_falls() -> None:
    _, _, losses = trained(stage(steps=25))
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])


def test_frozen_parts_do_not_move() -> None:
    before = Reader().vocabulary.net_3.weight.clone()
    model, _, _ = trained(stage(rates={"glyphs": 1e-3}))
    assert torch.equal(model.vocabulary.net_3.weight, before)
    assert not any(p.requires_grad for p in model.vocabulary.parameters())


def test_a_stage_without_parts_is_an_error() -> None:
    with pytest.raises(DataError, match="no part of this model"):
        optimizer(Reader(), stage(rates={"clip": 1.0}))


def test_training_is_reproducible() -> None:
    assert trained(stage())[2] == trained(stage())[2]


def test_the_average_is_put_in_and_taken_out() -> None:
    model, average, _ = trained(stage())
    own = model.glyphs.common.weight.clone()
    with average.within(model):
        assert not torch.equal(model.glyphs.common.weight, own)
        assert not model.training
    assert torch.equal(model.glyphs.common.weight, own)
    assert model.training


def test_a_loss_that_is_no_number_stops_with_a_hint() -> None:
    model = Reader()
    with torch.no_grad():
        model.glyphs.common.bias.fill_(float("nan"))
    with pytest.raises(DeviceError, match="not a number"):
        list(steps(model, stage(), batches(rounds(), 0, 0), optimizer(model, stage()), Average(model, 0.9)))


def test_the_rate_rises_holds_and_falls() -> None:
    s = stage(steps=1000)
    assert s.rate(0) < s.rate(10) < s.rate(300) == 1.0 > s.rate(800) > s.rate(999)
    assert s.rate(1000) == pytest.approx(s.floor)
