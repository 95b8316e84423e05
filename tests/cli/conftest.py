"""What the command tests share: small pictures and documents made on the spot, and a model that is a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw

from vary_cli import cli
from vary_cli.document import Account
from vary_cli.example import Example, Generation

Answer = Callable[[Example], Generation]


def words(example: Example) -> Generation:
    """An answer of one word a line."""
    lines = example.lines or (None,)
    account = Account(verified=len(example.glyphs)) if example.glyphs else Account(read=4 * len(lines))
    return Generation("\n".join("word" for _ in lines), "stop", len(lines), -0.01, account)


@dataclass
class FakeModel:
    """A model whose transcriber is a function of one example. It remembers what it was loaded with and asked."""

    answer: Answer = words
    name: str = "fake"
    revision: str = "0"
    device: str = "cpu"
    dtype: str = "fp32"
    spec: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(
            name="fake", reads="region", regions=False, tasks={"ocr": {"en": "Read.", "zh": "读。"}}
        )
    )
    loaded: dict[str, object] = field(default_factory=dict)
    asked: list[Example] = field(default_factory=list)
    calls: int = 0

    def transcribe(self, examples: Iterable[Example]) -> Iterator[Generation]:
        self.calls += 1
        for example in examples:
            self.asked.append(example)
            yield self.answer(example)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    fake = FakeModel()

    def load(name: str, **loading: object) -> FakeModel:
        fake.loaded = {"name": name, **loading}
        return fake

    monkeypatch.setattr("vary_cli.model.load", load, raising=False)
    return fake


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no settings of the user's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "no-settings"))
    return tmp_path


@pytest.fixture
def vary(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(list(arguments))
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def draw() -> Callable[..., Path]:
    """Make a picture of a page with a line of text, or a TIFF of several; an empty text is a blank page."""

    def drawn(name: str, text: str = "ink", pages: int = 1) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        frames = [Image.new("RGB", (600, 400), "white") for _ in range(pages)]
        for frame in frames:
            ImageDraw.Draw(frame).text((60, 60), text, "black", font_size=40)
        frames[0].save(path, **({"save_all": True, "append_images": frames[1:]} if pages > 1 else {}))
        return path

    return drawn
