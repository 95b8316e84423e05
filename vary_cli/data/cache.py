"""The user's cache folder, for what takes long to work out and can be worked out again."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path


def place(kind: str, *parts: str | bytes) -> Path:
    """Where something of a kind is kept that depends on the parts alone."""
    key = hashlib.sha256()
    for part in parts:
        key.update(part.encode() if isinstance(part, str) else part)
        key.update(b"\0")
    return folder() / kind / key.hexdigest()


def folder() -> Path:
    """$VARY_CACHE, or the system's folder for such things."""
    if "VARY_CACHE" in os.environ:
        return Path(os.environ["VARY_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vary"


def kept(path: Path) -> bytes | None:
    """What was kept there; None if nothing, or something damaged."""
    with suppress(OSError, zlib.error):
        return zlib.decompress(path.read_bytes())
    return None


def keep(path: Path, data: bytes) -> None:
    """Keep something whole, whoever else keeps it now; a cache that cannot be written costs time, nothing else."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.compress(data))
        os.replace(name, path)
