"""The list of a model folder's files with their sizes and SHA-256 sums, and the check against it. Knows no tensors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vary_cli.errors import WeightsError

NAME = "manifest.json"
BLOCK = 1 << 22  # bytes read at a time


@dataclass(frozen=True)
class Checked:
    """What a file of a folder turned out to be."""

    name: str
    bytes: int
    problem: str = ""
    """Empty: it is as it was written."""


def write(folder: Path, files: Iterable[Path]) -> Path:
    """Write the manifest of some of a folder's files and return its path."""
    entries = {file.name: {"bytes": file.stat().st_size, "sha256": digest(file)} for file in sorted(files)}
    path = folder / NAME
    path.write_text(json.dumps({"files": entries}, indent=1) + "\n", encoding="utf-8")
    return path


def verify(folder: Path) -> Iterator[Checked]:
    """Check every file that the folder's manifest lists. Raises WeightsError if there is no manifest."""
    path = folder / NAME
    if not path.is_file():
        hint = f"vary models convert {folder} DST writes a folder that has one"
        raise WeightsError(f"{folder} has no {NAME}: nothing says what its files should be", hint)
    for name, entry in json.loads(path.read_text(encoding="utf-8"))["files"].items():
        yield Checked(name, entry["bytes"], problem(folder / name, entry["bytes"], entry["sha256"]))


def problem(file: Path, size: int, sha256: str) -> str:
    """What is wrong with a file; nothing: ''."""
    if not file.is_file():
        return "missing"
    if file.stat().st_size != size:
        return f"{file.stat().st_size} bytes, not {size}"
    return "" if digest(file) == sha256 else "damaged: its SHA-256 is another"


def digest(file: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    sum_ = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            sum_.update(block)
    return sum_.hexdigest()
