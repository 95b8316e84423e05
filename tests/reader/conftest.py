"""Children that misbehave, for the tests of the reader."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from vary_cli.reader import worker

SetDraw = Callable[[str], None]


@pytest.fixture
def set_draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetDraw:
    """set_draw(body): the child runs this before it draws a page; `number` is the page's, from 1."""

    def set_draw(body: str) -> None:
        lines = ["import os, sys, time", "from vary_cli.reader import child", "def draw(page, order):"]
        lines += ["    from vary_cli.reader import rendering", "    number = page.number + 1"]
        lines += ["    " + line for line in dedent(body).strip().splitlines()]
        lines += ["    return rendering.draw(page, order)", "child.serve(draw)"]
        (tmp_path / "odd_child.py").write_text("\n".join(lines))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(worker, "PROGRAM", "odd_child")

    return set_draw
