"""What the chart tests share."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PIL import Image

from vary_cli.charts import Word, answer

Told = Callable[[Image.Image, Sequence[Word]], dict[str, Any]]


@pytest.fixture
def told() -> Told:
    """The dict that a chart's answer holds."""

    def read(image: Image.Image, words: Sequence[Word]) -> dict[str, Any]:
        opening, found = answer(image, words)[0].split("\n", 1)
        assert opening == "The dict of the chart is:"
        facts = ast.literal_eval(found)
        assert isinstance(facts, dict)
        return facts

    return read
