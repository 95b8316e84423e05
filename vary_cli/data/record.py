"""One entry of a data set on disk: what metadata.jsonl says of a picture, and how it becomes an Example.

The columns are those of the Hugging Face imagefolder form: file_name, text, and where they are known prompt, history,
source, language and glyphs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vary_cli.data import pictures
from vary_cli.data.pictures import Picture
from vary_cli.data.text import language
from vary_cli.errors import DataError
from vary_cli.example import Example, Glyph

Row = dict[str, Any]
COLUMNS = {"char": str, "x": float, "y": float, "size": float, "line": int, "style": int}
"""Of a row's glyphs, each a list."""


@dataclass(frozen=True)
class Record:
    """A picture and what is known of it; the picture is opened when asked for."""

    picture: Picture
    text: str
    prompt: str | None = None
    history: tuple[tuple[str, str], ...] = ()
    source: str = ""
    language: str = ""
    columns: Mapping[str, Sequence[Any]] | None = None
    """Glyphs as they stand in metadata.jsonl."""

    @property
    def glyphs(self) -> tuple[Glyph, ...] | None:
        """Where the characters stand, if that is known. Raises DataError."""
        if self.columns is None:
            return None
        try:
            found = [map(kind, self.columns[name]) for name, kind in COLUMNS.items() if name in self.columns]
            return tuple(Glyph(*values) for values in zip(*found, strict=True))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{self.picture.name}: its glyphs are malformed: {error}", "make the data set again"
            ) from error

    def example(self) -> Example:
        """The picture with its question and answer. Raises DataError."""
        image = pictures.opened(self.picture)
        return Example(
            image, self.prompt, self.text, self.glyphs, source=self.source or self.picture.name, history=self.history
        )


def record(row: Row, picture: Picture, where: str) -> Record:
    """The record of a row. Raises DataError that names the place if the row is not as it should be."""
    try:
        history = tuple((str(question), str(answer)) for question, answer in row.get("history") or ())
        prompt = None if row.get("prompt") is None else str(row["prompt"])
        said, text = str(row.get("source") or ""), row["text"]
        if not isinstance(text, str):
            raise TypeError("text is not a string")
        return Record(
            picture, text, prompt, history, said, str(row.get("language") or language(text)), row.get("glyphs")
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = 'each line is like {"file_name": "0001.png", "text": "..."}'
        raise DataError(f"{where} is malformed: {error!r}", hint, "data_malformed") from error


def row(example: Example, name: str) -> Row:
    """What metadata.jsonl says of an example whose picture is stored by that name."""
    found: Row = {"file_name": name, "text": example.answer or ""}
    if example.prompt is not None:
        found["prompt"] = example.prompt
    if example.history:
        found["history"] = [list(turn) for turn in example.history]
    found |= {"source": example.source, "language": language(example.answer or "")}
    if example.glyphs is not None:
        found["glyphs"] = columns(example.glyphs)
    return found


def columns(glyphs: Sequence[Glyph]) -> Mapping[str, Sequence[Any]]:
    """Glyphs as lists, to a tenth of a px."""
    return {
        "char": [glyph.char for glyph in glyphs],
        "x": [round(glyph.x, 1) for glyph in glyphs],
        "y": [round(glyph.y, 1) for glyph in glyphs],
        "size": [round(float(glyph.size), 1) for glyph in glyphs],
        "line": [glyph.line for glyph in glyphs],
        "style": [glyph.style for glyph in glyphs],
    }
