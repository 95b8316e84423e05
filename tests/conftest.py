"""Documents made on the spot, for all tests."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

MakePdf = Callable[..., Path]


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """make_pdf("words of page 1", "words of page 2", name="paper.pdf", **how to save) -> its path. Pages are A5."""

    def make(*texts: str, name: str = "paper.pdf", **save: object) -> Path:
        document = pymupdf.open()
        for text in texts:
            document.new_page(width=420, height=595).insert_textbox((36, 36, 384, 559), text, fontsize=12)
        path = tmp_path / name
        document.save(path, **save)
        return path

    return make
