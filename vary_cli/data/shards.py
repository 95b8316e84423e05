"""The data set as tar files (the webdataset form): 000012-03.png and 000012-03.json for each example, side by side."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, overload

from vary_cli.data.folder import parsed
from vary_cli.data.pictures import SUFFIXES, Packed
from vary_cli.data.record import Record, Row, record
from vary_cli.errors import DataError


class Place(NamedTuple):
    """Where an example's two members lie."""

    shard: int
    row: tuple[int, int]
    """Offset and size."""
    picture: tuple[int, int]
    name: str
    """Of the picture."""


class Shards(Sequence[Record]):
    """The records of some tar files; only the places of their members are kept in memory."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = list(paths)
        self.places = [place for number, path in enumerate(self.paths) for place in places(path, number)]

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = self.places[index]
        path = self.paths[place.shard]
        with path.open("rb") as file:
            file.seek(place.row[0])
            row = parsed(file.read(place.row[1]), f"{path}:{place.name}")
        return record(row, Packed(path, *place.picture, place.name), f"{path}:{place.name}")


def places(path: Path, shard: int) -> Iterator[Place]:
    """The examples of a tar file. Raises DataError if it is none, or lacks one of a pair."""
    found: dict[str, dict[str, tuple[int, int, str]]] = {}
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                stem, dot, suffix = PurePosixPath(member.name).name.partition(".")
                if member.isfile() and dot and stem:
                    key = str(PurePosixPath(member.name).with_name(stem))
                    kind = "row" if suffix == "json" else "picture" if f".{suffix.lower()}" in SUFFIXES else suffix
                    found.setdefault(key, {})[kind] = (member.offset_data, member.size, member.name)
    except (OSError, tarfile.TarError) as error:
        raise DataError(f"{path} is no tar file: {error}", "name tar files or a folder of them") from error
    for key, pair in found.items():
        if not {"row", "picture"} <= pair.keys():
            raise DataError(
                f"{path}: {key} lacks its picture or its .json", "make the data set again", "data_malformed"
            )
        yield Place(shard, pair["row"][:2], pair["picture"][:2], pair["picture"][2])


def write(path: Path, examples: Iterable[tuple[Row, bytes]]) -> int:
    """Put rows and their pictures into a tar file, whole or not at all; how many they are. The same each time."""
    count = 0
    neighbour = path.with_name(f".{path.name}.part")
    with neighbour.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for row, picture in examples:
                name = row["file_name"]
                add(tar, name, picture)
                add(tar, f"{PurePosixPath(name).with_suffix('.json')}", json.dumps(row, ensure_ascii=False).encode())
                count += 1
        file.flush()
        os.fsync(file.fileno())
    neighbour.replace(path)
    return count


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """A member without date or owner."""
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
