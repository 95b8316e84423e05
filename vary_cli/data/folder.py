"""The data set as a folder: pictures, and a line of metadata.jsonl for each (Hugging Face's imagefolder form)."""

from __future__ import annotations

import json
import os
import re
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import overload

from vary_cli.data.pictures import Stored
from vary_cli.data.record import Record, Row, record
from vary_cli.errors import DataError

METADATA = "metadata.jsonl"


class Folder(Sequence[Record]):
    """The records of a folder, read from disk one by one: only the places of the lines are kept in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / METADATA
        self.places = line_starts(self.file)

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        where = f"{self.file}, line {range(len(self))[index] + 1}"
        with self.file.open("rb") as file:
            file.seek(self.places[index])
            row = parsed(file.readline(), where)
        return record(row, Stored(self.path / inner(str(row.get("file_name", "")), where)), where)


def line_starts(file: Path) -> array[int]:
    """Where the lines that hold something begin. Raises DataError."""
    places, place = array("Q"), 0
    try:
        with file.open("rb") as lines:
            for line in lines:
                if line.strip():
                    places.append(place)
                place += len(line)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}", "name a data set's folder") from error
    return places


def parsed(line: bytes | str, where: str) -> Row:
    """A line as a row. Raises DataError."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where} is no JSON: {error}", "each line holds one object", "data_malformed") from error
    if not isinstance(row, dict):
        raise DataError(f"{where} is no object", "each line holds one object", "data_malformed")
    return row


def inner(name: str, where: str) -> Path:
    """A picture's name, which leads to no place outside of the folder. Raises DataError."""
    path = PurePosixPath(name.replace("\\", "/"))
    if not name or path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name):
        raise DataError(f"{where} names {name!r}", "pictures lie in the data set's folder", "data_malformed")
    return Path(path)


def write(path: Path, rows: Iterable[Row]) -> int:
    """Put metadata.jsonl into a folder, whole or not at all; how many lines it has."""
    count = 0
    neighbour = path / f".{METADATA}.part"
    with neighbour.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(line(row))
            count += 1
        file.flush()
        os.fsync(file.fileno())
    neighbour.replace(path / METADATA)
    return count


def line(row: Row) -> str:
    """A row as a line."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
