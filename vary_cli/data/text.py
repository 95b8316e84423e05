"""Running text to draw pages from: English and Chinese paragraphs read from files, and strings made up to teach glyphs."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vary_cli.errors import DataError

HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Texts:
    """Paragraphs by file, so that a file is drawn first and long files do not crowd out short ones."""

    english: tuple[tuple[str, ...], ...]
    chinese: tuple[tuple[str, ...], ...]

    def paragraph(self, chance: random.Random, chinese: bool) -> str:
        """A paragraph; files weigh by the square root of their size."""
        files = (self.chinese if chinese else self.english) or self.english or self.chinese
        return chance.choice(chance.choices(files, [len(f) ** 0.5 for f in files])[0])


def load(paths: Sequence[Path]) -> Texts:
    """Read .txt and .md files, or all of those below folders; a paragraph is a line, or what blank lines part."""
    files = [f for p in paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p]) if f.suffix in {".txt", ".md"}]
    english, chinese = [], []
    for file in files:
        paragraphs = split(file.read_text(encoding="utf8", errors="strict"))
        han = tuple(p for p in paragraphs if len(HAN.findall(p)) > 0.2 * len(p))
        latin = tuple(p for p in paragraphs if len(HAN.findall(p)) == 0)
        english += [latin] if latin else []
        chinese += [han] if han else []
    if not english and not chinese:
        raise DataError("no text found", "name .txt or .md files, or folders that hold some")
    return Texts(tuple(english), tuple(chinese))


def split(text: str) -> list[str]:
    """Paragraphs of a text, white space made plain."""
    parts = re.split(r"\n\s*\n", text)
    if max(map(len, parts)) > 20_000:  # one paragraph a line
        parts = text.split("\n")
    return [p for p in (re.sub(r"\s+", " ", part).strip() for part in parts) if len(p) >= 8]


def made_up(chance: random.Random, alphabet: Sequence[str], length: int, word: int) -> str:
    """Characters drawn evenly from an alphabet, in words of about `word`: they teach glyphs, not language."""
    out = []
    while len(out) < length:
        out += chance.choices(alphabet, k=chance.randint(1, 2 * word)) + [" "]
    return "".join(out[:length]).strip()
