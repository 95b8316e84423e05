"""What the training tests share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "model"))

import shrunken
import small

from vary_cli.model import checkpoint

SaveModel = Callable[[str], Path]


@pytest.fixture
def saved(tmp_path: Path) -> SaveModel:
    """A small model of a family as a checkpoint's folder."""

    def save(family: str) -> Path:
        path = tmp_path / f"start-{family}"
        lines = family.startswith("lines")
        model = small.lines_model(family == "lines_decoder") if lines else shrunken.model(family)
        model.spec = replace(model.spec, max_tokens=16)
        words = None if family == "lines" else shrunken.tokenizer()
        checkpoint.save(model, path, words)
        return path

    return save
