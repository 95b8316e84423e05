"""A stage: its rates, and what suits which model."""

import pytest
import torch
from shrunken import spec
from small import lines_model, lines_spec

from vary_cli.errors import UsageError
from vary_cli.finetune.average import Average
from vary_cli.finetune.order import Order
from vary_cli.finetune.stages import BASE, PAGES, TINY, TUNED, WRITING, Stage, usual


def test_the_rate_rises_holds_and_falls() -> None:
    s = Stage("test", rates={}, steps=1000)
    assert s.rate(0) < s.rate(10) < s.rate(300) == 1.0 > s.rate(800) > s.rate(999)
    assert s.rate(1000) == pytest.approx(s.floor)


def test_a_cosine_falls_from_the_warm_up_on() -> None:
    assert PAGES.rate(int(0.03 * PAGES.steps)) == pytest.approx(1.0)
    assert PAGES.rate(1000) > PAGES.rate(2000) > PAGES.rate(9000) > PAGES.rate(PAGES.steps) == 0


def test_each_model_has_its_usual_stage() -> None:
    assert usual("tiny", lines_spec(), scratch=True) is TINY
    assert usual("tiny", lines_spec(), scratch=False) is TUNED
    assert usual("tiny", spec("vary_tiny"), scratch=False) is PAGES
    assert usual("base", spec("vary_base"), scratch=False) is BASE
    assert usual("tiny", lines_spec(True), scratch=True) is TINY
    assert usual("base", lines_spec(True), scratch=False) is WRITING
    with pytest.raises(UsageError, match="no decoder"):
        usual("base", lines_spec(), scratch=False)


def test_what_is_said_goes_before_what_is_usual() -> None:
    stage = Order(stage="base", rate=1e-5, batch=8, micros=32, epochs=2).settled(spec("vary_base"), 512)
    assert stage.rates == {"projectors": 1e-5, "decoder": 1e-5}
    assert stage.steps == 4


@pytest.mark.parametrize(
    "said",
    [{"steps": 0}, {"average": 1.0}, {"steps": 3, "epochs": 1}, {"rate": 1, "rates": {}}, {"looks": -1}, {"looks": 5}],
)
def test_contradictions_are_refused(said: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Order(**said).settled(spec("vary_tiny"), 10)  # type: ignore[arg-type]


def test_the_average_is_put_in_and_taken_out() -> None:
    model = lines_model().train()
    model.vocabulary.eval()
    average = Average(model, 0.5)
    with torch.no_grad():
        model.glyphs.common.weight.add_(1.0)
    own = model.glyphs.common.weight.clone()
    with average.within(model):
        assert torch.allclose(model.glyphs.common.weight, own - 1.0, atol=1e-6)
        assert not model.training
    assert torch.equal(model.glyphs.common.weight, own)
    assert model.glyphs.training
    assert not model.vocabulary.training


def test_eyes_and_the_decoder_behind_them_learn_one_after_the_other() -> None:
    both = {"glyphs": 1e-3, "decoder": 1e-3}
    with pytest.raises(UsageError, match="ready eyes"):
        Order(rates=both).settled(lines_spec(True), 20)
    assert Order(rates={"decoder": 1e-3}).settled(lines_spec(True), 20).writes
    assert not Order().settled(lines_spec(True), 20).writes
