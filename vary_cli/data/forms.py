"""The forms in which data sets come, and how each is read: folder, tar files, LLaVA's JSON, pictures or PDFs with .md.

`examples(path)` is all that training and judging need: a sequence of Example, sized, in a fixed order, read from disk
at random and again and again, in any process (it pickles; nothing stays open). An example's glyphs are in the order in
which they were written, with their line numbers, and None where they are not known; its prompt is None where the data
set has none. `records(path)` is the same before pictures are opened, with the language of each answer. A broken picture
raises DataError when its example is asked for, never before; a broken data set raises it at once.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

from vary_cli.data import pictures
from vary_cli.data.folder import METADATA, Folder, inner
from vary_cli.data.pictures import PdfPage, Picture, Stored
from vary_cli.data.record import Record
from vary_cli.data.shards import Shards
from vary_cli.data.text import language, read
from vary_cli.errors import DataError
from vary_cli.example import Example

IMAGE = "<image>"
PAGE_BREAK = re.compile(r"\f|^<!-- vary: page \d+(?: \(.*\))? -->$", re.MULTILINE)
"""What parts the pages of a PDF's .md file: a form feed, or the comment that vary convert writes."""
HINT = "a data set is a folder with metadata.jsonl, tar files, LLaVA's JSON, or pictures or PDFs with their .md files"


class Examples(Sequence[Example]):
    """The examples of a data set, each read from disk when it is asked for."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> Examples: ...
    def __getitem__(self, index: int | slice) -> Example | Examples:
        if isinstance(index, slice):
            return Examples([self.records[i] for i in range(*index.indices(len(self)))])
        return self.records[index].example()


def examples(path: Path, images: Path | None = None) -> Examples:
    """The examples of a data set, whatever its form. Raises DataError as `records` does."""
    return Examples(records(path, images))


def records(path: Path, images: Path | None = None) -> Sequence[Record]:
    """The records of a data set, whatever its form; `images` is where LLaVA's JSON finds its pictures.

    Raises DataError if there is nothing that is understood.
    """
    if path.suffix == ".json" and path.is_file():
        return conversations(path, images or path.parent)
    if path.suffix == ".tar" and path.is_file():
        return Shards([path])
    if (path / METADATA).is_file():
        return Folder(path)
    if not path.is_dir():
        raise DataError(f"{path} is no data set" if path.exists() else f"{path} does not exist", HINT)
    if tars := sorted(path.rglob("*.tar")):
        return Shards(tars)
    if found := list(pairs(path)):
        return found
    raise DataError(f"{path} holds no data set", HINT)


def stream(path: Path, chance: random.Random) -> Iterator[Example]:
    """The examples of a data set without end, each round in another order. Raises DataError at a broken picture."""
    known = records(path)
    while True:
        for index in chance.sample(range(len(known)), len(known)):
            yield known[index].example()


def pairs(folder: Path) -> Iterator[Record]:
    """Pictures and PDFs with a .md (or .txt) file of the same name beside them, in the order of their names."""
    for file in sorted(folder.rglob("*")):
        suffix = file.suffix.lower()
        if suffix not in (*pictures.SUFFIXES, ".pdf") or any(
            part.startswith(".") for part in file.relative_to(folder).parts
        ):
            continue
        answer = next((text for end in (".md", ".txt") if (text := file.with_suffix(end)).is_file()), None)
        if answer is None:
            continue
        if suffix == ".pdf":
            yield from pdf_pages(file, read(answer))
        else:
            yield of(Stored(file), read(answer), file.name)


def pdf_pages(file: Path, text: str) -> Iterator[Record]:
    """A PDF's pages: all of the text for the only page, else what stands between page breaks. Raises DataError."""
    from vary_cli.data import sheets

    try:
        with sheets.opened(file) as document:
            count = document.page_count
    except sheets.ERRORS as error:
        raise DataError(f"{file} cannot be read: {error}", "leave it out") from error
    parts = PAGE_BREAK.split(text) if count > 1 else [PAGE_BREAK.sub("", text)]
    if len(parts) == count + 1 and not parts[0].strip():  # each page has its mark, the first one too
        parts = parts[1:]
    if len(parts) != count:
        message = f"{file} has {count} pages, its text {len(parts)}"
        raise DataError(message, "part the pages by form feeds, or write them with: vary convert --page-breaks comment")
    for number, part in enumerate(parts):
        yield of(PdfPage(file, number), part, f"{file.name}#page={number + 1}")


def of(picture: Picture, text: str, source: str) -> Record:
    """A record of a page and its text."""
    return Record(picture, text.strip(), source=source, language=language(text))


def conversations(file: Path, images: Path) -> list[Record]:
    """LLaVA's JSON: a list of {"image": ..., "conversations": [{"from": "human", ...}, {"from": "gpt", ...}]}.

    Entries without a picture are left out. Raises DataError for what is malformed.
    """
    try:
        entries = json.loads(read(file))
        return [conversation(entry, images) for entry in entries if entry.get("image")]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise DataError(f"{file} is not LLaVA's JSON: {error!r}", HINT, "data_malformed") from error


def conversation(entry: dict[str, Any], images: Path) -> Record:
    """One entry; its last answer is the record's, the turns before are its history."""
    said = turns(entry)
    (prompt, text), history = said[-1], said[:-1]
    name = str(entry["image"])
    return Record(
        Stored(images / inner(name, "its JSON")), text, prompt, history, str(entry.get("id") or name), language(text)
    )


def turns(entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Questions and answers of a conversation."""
    said = [str(turn["value"]).replace(IMAGE, "").strip() for turn in entry["conversations"]]
    return tuple(zip(said[::2], said[1::2], strict=False))
