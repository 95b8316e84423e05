"""Where results go: names planned before any work, files that appear whole or not at all. Knows no format's text.

A name is made of the input's own name alone, and the place it leads to is proved to lie below the chosen folder.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from vary_cli.errors import OutputError, UsageError
from vary_cli.inputs import Input

STDOUT = "-"
STEM_BYTES = 200  # of a name in UTF-8: file systems allow 255, and suffixes and numbers are added
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""Names that Windows keeps for devices."""


@dataclass(frozen=True)
class Writing:
    """How results are written."""

    output: str | None = field(default=None, metadata={"short": "-o", "metavar": "PATH"})
    """File or folder for the result; '-' is standard output. By default the input's name in this folder."""
    split_pages: bool = False
    """One file a page, in a folder of the document's name."""
    overwrite: bool = False
    """Replace results that exist."""
    skip_existing: bool = False
    """Leave out inputs whose result exists."""

    def __post_init__(self) -> None:
        if self.overwrite and self.skip_existing:
            raise UsageError("--overwrite and --skip-existing contradict each other", "choose one")
        if self.split_pages and self.output == STDOUT:
            raise UsageError("--split-pages writes files, standard output is one stream", "give -o a folder")


@dataclass(frozen=True)
class Target:
    """Where the result of one input goes."""

    path: Path | None
    """The file, or with --split-pages the folder of pages; None is standard output."""
    skipped: bool = False
    """It exists and is to stay."""


def plan(inputs: Sequence[Input], suffix: str, writing: Writing) -> list[Target]:
    """A target for each input, all different. Raises UsageError and OutputError before anything is read."""
    if goes_to_stdout(inputs, writing):
        return [Target(None) for _ in inputs]
    if is_file(inputs, writing):
        paths = [Path(str(writing.output))]
        top = paths[0].parent
    else:
        top = Path(writing.output or ".")
        paths = [top / place for place in places([item.place for item in inputs], suffix)]
    if writing.split_pages:
        paths = [path.with_suffix("") for path in paths]
    check_room(top)
    originals = {os.path.realpath(item.path) for item in inputs if item.path is not None}
    for path in paths:
        if os.path.realpath(path) in originals:
            raise OutputError(f"{path} would replace the input", "choose another place with -o", "output_is_input")
    return [checked(path, top, writing) for path in paths]


def goes_to_stdout(inputs: Sequence[Input], writing: Writing) -> bool:
    """What comes from standard input goes to standard output, unless told otherwise."""
    if writing.output is None and not writing.split_pages:
        return len(inputs) == 1 and inputs[0].path is None
    return writing.output == STDOUT


def is_file(inputs: Sequence[Input], writing: Writing) -> bool:
    """Whether the output is one file's name. Raises UsageError if it is and there are several inputs."""
    name = writing.output
    if name is None or name.endswith(("/", os.sep)) or os.path.isdir(name):
        return False
    lone = len(inputs) == 1
    if not lone and os.path.splitext(name)[1]:
        raise UsageError(f"{len(inputs)} documents cannot go into one file, {name}", f"give a folder: -o {name}/")
    return lone


def places(inputs: Sequence[PurePath], suffix: str) -> list[PurePath]:
    """Safe names for the inputs' places, all different: a.pdf and a.png become a.pdf.md and a.png.md."""
    safe = [PurePath(*map(safe_name, place.parts)) for place in inputs]
    plain = [place.with_name(shortened(place.stem) + suffix) for place in safe]
    count = Counter(map(folded, plain))
    taken: set[str] = set()
    result = []
    for short, place in zip(plain, safe, strict=True):
        name = short if count[folded(short)] == 1 else place.with_name(shortened(place.name) + suffix)
        result.append(free(name, suffix, taken))
        taken.add(folded(result[-1]))
    return result


def free(place: PurePath, suffix: str, taken: set[str]) -> PurePath:
    """The place, numbered if it is taken."""
    stem, number, free_place = place.name.removesuffix(suffix), 2, place
    while folded(free_place) in taken:
        free_place, number = place.with_name(f"{stem}-{number}{suffix}"), number + 1
    return free_place


def folded(place: PurePath) -> str:
    """Equal for names that some file system takes for the same."""
    return str(place).casefold()


def safe_name(name: str) -> str:
    """A name that every file system takes and that leads nowhere else."""
    name = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))
    name = re.sub(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]', "_", name).rstrip(". ")
    reserved = name.split(".")[0].casefold() in RESERVED
    return f"_{name}" if reserved or not name.strip(".") else name


def shortened(stem: str) -> str:
    """The first STEM_BYTES of a name, cut between characters."""
    return stem.encode()[:STEM_BYTES].decode("utf-8", "ignore")


def check_room(top: Path) -> None:
    """Raise OutputError if nothing can be written below `top`, which need not exist yet."""
    parent = next(path for path in (top, *top.absolute().parents) if os.path.lexists(path))
    if not os.path.isdir(parent):
        raise OutputError(f"{parent} is not a folder", "choose another place with -o")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{parent} cannot be written to", "choose another place with -o")


def checked(path: Path, top: Path, writing: Writing) -> Target:
    """The target, proved to lie below `top`, and with leave to be written if it exists."""
    if not path.parent.resolve().is_relative_to(top.resolve()):
        raise OutputError(f"{path} leads out of {top}", "remove the link that leads out", "output_outside")
    exists = os.path.lexists(path) and not is_device(path)
    if exists and not (writing.overwrite or writing.skip_existing):
        raise OutputError(f"{path} exists", "add --overwrite or --skip-existing, or choose -o", "output_exists")
    if exists and path.is_dir() != writing.split_pages:
        kind = "file" if writing.split_pages else "folder"
        raise OutputError(f"{path} is a {kind}", "choose another place with -o", "output_exists")
    return Target(path, skipped=exists and writing.skip_existing)


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole: to a neighbour first, then renamed. Raises OutputError."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        if is_device(path):
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}", "choose another place with -o") from error


def write_folder(path: Path, files: Mapping[str, str | bytes]) -> None:
    """Write a folder whole: under another name first, then renamed, or file by file into the one that is there.

    Raises OutputError.
    """
    neighbour = hidden(path)
    try:
        neighbour.mkdir(parents=True)
        for name, content in files.items():
            write((path if path.is_dir() else neighbour) / name, content)
        if path.is_dir():
            neighbour.rmdir()
        else:
            neighbour.rename(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}", "choose another place with -o") from error
    finally:
        shutil.rmtree(neighbour, ignore_errors=True)


def replace(path: Path, data: bytes) -> None:
    """Put a new file in the place of the old, which stays until the new one is complete."""
    neighbour = hidden(path)
    try:
        with neighbour.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        neighbour.replace(path)
    finally:
        neighbour.unlink(missing_ok=True)


def hidden(path: Path) -> Path:
    """A new name beside the path, for what is not yet complete."""
    return path.with_name(f".vary-{secrets.token_hex(6)}.part")


def is_device(path: Path) -> bool:
    """Whether the path is there and neither file nor folder: /dev/null, a pipe. Such are written in place."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
