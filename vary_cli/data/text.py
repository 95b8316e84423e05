"""Running text to draw pages from: English and Chinese paragraphs of files, and strings made up to teach glyphs."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vary_cli.errors import DataError

HAN = re.compile(r"[\u3400-\u9fff]")
SHORTEST = 8  # of a paragraph, characters
LONGEST = 20_000  # of a paragraph; longer ones mean that a file holds one a line


@dataclass(frozen=True)
class Texts:
    """Paragraphs by file, so that a file is drawn first and long files do not crowd out short ones."""

    english: tuple[tuple[str, ...], ...]
    chinese: tuple[tuple[str, ...], ...]

    def paragraph(self, chance: random.Random, chinese: bool) -> str:
        """A paragraph; files weigh by the square root of their size."""
        files = (self.chinese if chinese else self.english) or self.english or self.chinese
        return chance.choice(chance.choices(files, [len(file) ** 0.5 for file in files])[0])


@functools.lru_cache(maxsize=4)
def load(paths: tuple[Path, ...]) -> Texts:
    """Read .txt and .md files, or all of those below folders; a paragraph is a line, or what blank lines part.

    Of Markdown only the words are taken. Raises DataError if there is no text.
    """
    english, chinese = [], []
    for file in files(paths, {".txt", ".md"}):
        paragraphs = worded(read(file)) if file.suffix == ".md" else split(read(file))
        shares = [(p, han_share(p)) for p in paragraphs if len(p) >= SHORTEST]
        latin = tuple(p for p, share in shares if share == 0)
        han = tuple(p for p, share in shares if share > 0.2)
        english += [latin] if latin else []
        chinese += [han] if han else []
    if not english and not chinese:
        raise DataError("no text found", "name .txt or .md files, or folders that hold some")
    return Texts(tuple(english), tuple(chinese))


def files(paths: Sequence[Path], suffixes: set[str]) -> list[Path]:
    """The files named and those below the folders named, of these suffixes. Raises DataError for what is not there."""
    for path in paths:
        if not path.exists():
            raise DataError(f"{path} does not exist", "name files or folders that exist")
    every = (file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]))
    return [file for file in every if file.suffix.lower() in suffixes and file.is_file()]


def read(file: Path) -> str:
    """A file's text, which is UTF-8. Raises DataError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read as UTF-8: {error}", "convert it: iconv -t utf-8") from error


def split(text: str) -> list[str]:
    """Paragraphs of plain text, white space made plain."""
    parts = re.split(r"\n\s*\n", text)
    if max(map(len, parts)) > LONGEST:
        parts = text.split("\n")
    return [" ".join(part.split()) for part in parts]


def worded(text: str) -> list[str]:
    """Paragraphs of Markdown without its marks."""
    from vary_cli.markup import parse

    def words(tokens: Sequence[object]) -> Iterator[str]:
        for token in tokens:
            kind, content = getattr(token, "type", ""), getattr(token, "content", "")
            yield " " if kind in ("softbreak", "hardbreak") else content if kind in ("text", "code_inline") else ""

    return [" ".join("".join(words(token.children or ())).split()) for token in parse(text) if token.type == "inline"]


def han_share(text: str) -> float:
    """How much of a text is Han characters."""
    return 0.0 if text.isascii() else len(HAN.findall(text)) / max(1, len(text))


def language(text: str) -> str:
    """'zh', 'en' or 'mixed'; '' for a text without words."""
    han = len(HAN.findall(text))
    words = len(re.findall(r"[A-Za-z]{2,}", text))
    if not han and not words:
        return ""
    return "en" if han < 0.05 * words else "zh" if words < 0.1 * han else "mixed"


def made_up(chance: random.Random, alphabet: Sequence[str], length: int, word: int) -> str:
    """Characters drawn evenly from an alphabet, in words of about `word`: they teach glyphs, not language."""
    out: list[str] = []
    while len(out) < length:
        out += [*chance.choices(alphabet, k=chance.randint(1, 2 * word)), " "]
    return "".join(out[:length]).strip()
