"""What the words after a command mean: files, folders, patterns, lists and standard input. Opens no document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path, PurePath

from vary_cli.errors import InputError, UsageError

STDIN = "-"
SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif")
"""What is taken from a folder; a file that is named is opened whatever its suffix."""


@dataclass(frozen=True)
class Input:
    """One document to be read."""

    path: Path | None
    """None is standard input."""
    place: PurePath
    """Where it stands below the folder that was asked for; its name alone if it was named itself."""

    @property
    def name(self) -> str:
        """As the user knows it."""
        return "standard input" if self.path is None else str(self.path)


def expand(words: Iterable[str]) -> list[Input]:
    """The inputs that some words mean, in their order, folders sorted, no file twice.

    Raises InputError for a folder or pattern without documents, UsageError for '-' given twice.
    """
    found: dict[str, Input] = {}
    for item in (item for word in words for item in expand_word(word)):
        key = STDIN if item.path is None else os.path.realpath(item.path)
        if key == STDIN and key in found:
            raise UsageError("standard input can be read only once", "give '-' once")
        found.setdefault(key, item)
    return list(found.values())


def expand_word(word: str) -> Iterator[Input]:
    """The inputs that one word means."""
    if "\0" in word:
        raise InputError(f"{word!r} is no file name", "lists hold paths, one a line", "input_missing")
    path = Path(word)
    if word == STDIN:
        yield Input(None, PurePath("stdin"))
    elif os.path.isdir(path):
        yield from some(folder(path), f"{word} holds no documents")
    elif os.path.exists(path):
        yield Input(path, PurePath(path.name))
    elif word.startswith("@"):
        for line in listed(Path(word[1:])):
            yield from expand_word(line)
    elif set(word) & set("*?["):
        yield from some(matches(word), f"nothing matches {word}")
    else:
        yield Input(path, PurePath(path.name))


def some(found: Iterable[Input], message: str) -> list[Input]:
    """The inputs, of which there must be one."""
    inputs = list(found)
    if not inputs:
        raise InputError(message, f"documents are {', '.join(SUFFIXES)}; other files must be named", "input_none")
    return inputs


def folder(top: Path) -> Iterator[Input]:
    """Documents in a folder and below; hidden ones and linked folders are left out."""
    for parent, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                path = Path(parent, name)
                yield Input(path, path.relative_to(top))


def matches(pattern: str) -> Iterator[Input]:
    """Files that match a pattern, '**' going down, placed below its part without wildcards."""
    top = PurePath(*leading(PurePath(pattern).parts))
    for name in sorted(glob(pattern, recursive=True)):
        path = Path(name)
        if path.is_file():
            yield Input(path, path.relative_to(top))


def leading(parts: Iterable[str]) -> Iterator[str]:
    """The parts of a pattern before the first with a wildcard."""
    for part in parts:
        if set(part) & set("*?["):
            return
        yield part


def listed(path: Path) -> list[str]:
    """The words that a list file holds, one a line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the list {path} cannot be read: {error}", "give @ and a text file, a path a line") from error
    words = [line.strip() for line in lines if line.strip()]
    if any(word.startswith("@") or word == STDIN for word in words):
        raise UsageError(f"the list {path} names another list or standard input", "it holds paths, one a line")
    return words
