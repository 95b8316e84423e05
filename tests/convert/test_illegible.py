"""Pictures on which next to nothing was read: shown, not told."""

from __future__ import annotations

import math

import pytest

from vary_cli.convert import ConvertOptions
from vary_cli.convert.sheet import Sheet
from vary_cli.document import FailedPage
from vary_cli.errors import VaryError
from vary_cli.example import Generation


@pytest.mark.parametrize(
    ("count", "probability", "illegible"),
    [(40, 0.7, False), (40, 0.55, True), (1, 0.93, True), (1, 0.99, False), (5, 0.77, True), (5, 0.95, False)],
)
def test_the_fewer_characters_the_surer_they_must_be(count: int, probability: float, illegible: bool) -> None:
    sheet = Sheet(FailedPage(1, "1", VaryError("unused")), ConvertOptions())
    sheet.answers = [Generation("x" * count, "stop", count, math.log(probability))]
    assert sheet.is_illegible == illegible
