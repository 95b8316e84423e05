"""What the data tests share: a few sentences in two languages, and type that is here wherever matplotlib is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

ENGLISH = [
    "A printed page is read by people without effort and by machines with surprising trouble.",
    "The layer says what the characters are, and the picture says whether that is true; both are asked.",
    "Where they agree there is nothing to decide. Where they differ, a reader has to look again.",
    "Tables are found by their rules, and by the gaps that run through several lines of them.",
]
CHINESE = [
    "文档是给人看的，机器读起来却有困难。我们先看版面，再看文字。",
    "表格由线条和空白构成，公式由符号和位置构成，两者都要读。",
]


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of running text."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "english.txt").write_text("\n\n".join(ENGLISH), encoding="utf-8")
    (folder / "chinese.txt").write_text("\n\n".join(CHINESE), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def fonts() -> Path:
    """A folder of fonts: DejaVu, which matplotlib brings along."""
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib brings the fonts of these tests")
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What fonts can draw is kept for these tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VARY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
