"""The folder in which a data set grows: an order that says what it is, parts that are done, pictures, metadata.jsonl.

A part counts once its own file is there, which appears whole; until then its pictures may be written again.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vary_cli.data import folder, shards
from vary_cli.data.folder import METADATA
from vary_cli.data.record import Row
from vary_cli.data.skipped import Skipped
from vary_cli.errors import OutputError

STATE = ".vary"
PER_FOLDER = 1000  # blocks whose pictures share a folder


@dataclass(frozen=True)
class Part:
    """A part that is done."""

    number: int
    expected: int
    """Examples, or items, that it was made of."""
    examples: int
    rows: list[Row] | None
    """None once they stand in metadata.jsonl."""
    skipped: list[Skipped]


class Store:
    """A data set's folder."""

    def __init__(self, path: Path, form: str) -> None:
        self.path, self.form = path, form
        self.state = path / STATE
        self.order = self.state / "order.json"

    def claim(self, facts: Mapping[str, Any], overwrite: bool) -> None:
        """Make the folder this order's. Raises OutputError if it holds anything else."""
        if self.path.exists() and not self.path.is_dir():
            raise OutputError(f"{self.path} is a file", "choose another place with -o", "output_exists")
        ours = self.order.is_file()
        if not ours and self.path.is_dir() and any(self.path.iterdir()):
            raise OutputError(f"{self.path} is not empty", "choose an empty or a new folder with -o", "output_exists")
        if ours and overwrite:
            self.clear()
        elif ours and json.loads(self.order.read_text(encoding="utf-8")) != json.loads(json.dumps(facts)):
            hint = "add --overwrite to replace it, or choose another place with -o"
            raise OutputError(f"{self.path} was made from other files or options", hint, "output_exists")
        with writing(self.path):
            (self.state / "parts").mkdir(parents=True, exist_ok=True)
        self.place(self.order, json.dumps(facts, ensure_ascii=False, indent=2).encode())

    def clear(self) -> None:
        """Remove what was made, and nothing else."""
        shutil.rmtree(self.state)
        (self.path / METADATA).unlink(missing_ok=True)
        for path in self.path.iterdir():
            if path.is_dir() and path.name.isdecimal():
                shutil.rmtree(path)
            elif path.name.startswith("shard-") and path.suffix == ".tar":
                path.unlink()

    def name(self, block: int, index: int, suffix: str) -> str:
        """What the picture of a part's example is called."""
        name = f"{block:06d}-{index:03d}{suffix}"
        return name if self.form == "shards" else f"{block // PER_FOLDER:04d}/{name}"

    def put(self, name: str, data: bytes) -> None:
        """Store a picture."""
        path = self.path / name
        with writing(path):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)

    def shard(self, number: int) -> Path:
        """A part's tar file."""
        return self.path / f"shard-{number:06d}.tar"

    def file(self, number: int) -> Path:
        """Where a part says that it is done."""
        return self.state / "parts" / f"{number:06d}.json"

    def part(self, number: int) -> Part | None:
        """A part, if it is done."""
        try:
            told = json.loads(self.file(number).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Part(**{**told, "skipped": [Skipped(*pair) for pair in told["skipped"]]})

    def keep(self, part: Part) -> Part:
        """Let a part count."""
        self.place(self.file(part.number), json.dumps(asdict(part), ensure_ascii=False, separators=(",", ":")).encode())
        return part

    def pack(self, number: int, examples: Sequence[tuple[Row, bytes]]) -> None:
        """Store a part's tar file."""
        with writing(self.path):
            shards.write(self.shard(number), examples)

    def place(self, path: Path, data: bytes) -> None:
        """A file that appears whole."""
        neighbour = path.with_name(f".{path.name}.{os.getpid()}")
        with writing(path):
            neighbour.write_bytes(data)
            neighbour.replace(path)

    def finish(self, numbers: Sequence[int]) -> None:
        """Make a data set of the parts: metadata.jsonl in their order; then they may forget their rows."""
        if self.form == "shards":
            return
        with writing(self.path):
            folder.write(self.path, self.rows(numbers))
        for number in numbers:
            part = self.part(number)
            if part is not None and part.rows is not None:
                self.keep(Part(part.number, part.expected, part.examples, None, part.skipped))

    def rows(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The rows of the parts; those that stand in metadata.jsonl already come first, in the same order."""
        old = self.path / METADATA
        with old.open("rb") if old.exists() else open(os.devnull, "rb") as lines:
            for number in numbers:
                part = self.part(number)
                assert part is not None, "every part is done"
                if part.rows is None:
                    yield from (folder.parsed(line, str(old)) for line in itertools.islice(lines, part.examples))
                else:
                    yield from part.rows


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise OutputError where the disk is full or the place may not be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}", "make room, or choose another place"
        ) from error
