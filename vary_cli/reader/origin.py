"""Where an input's bytes are and what kind of document they begin like. Decodes nothing."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vary_cli.errors import InputError

PICTURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
"""How files of Pillow's formats begin."""
STRANGERS = {
    b"PK\x03\x04": "it begins like an Office file, an e-book or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "it begins like an old Office file",
    b"{\\rtf": "it begins like an RTF file",
    b"%!PS": "it begins like PostScript",
    b"\x1f\x8b": "it begins like a compressed file",
    b"<": "it begins like HTML or XML",
}
HEADER = 1024
"""How many leading bytes a PDF's first line may stand in (PDF 1.7, implementation note 13)."""


@dataclass(frozen=True)
class Origin:
    """The bytes of an input, on disk or in memory."""

    name: str
    """What the user calls it."""
    place: Path | bytes

    def open(self) -> io.BufferedReader | io.BytesIO:
        """Its bytes as a file. Raises InputError if they cannot be had."""
        if isinstance(self.place, bytes):
            return io.BytesIO(self.place)
        try:
            return self.place.open("rb")
        except OSError as error:
            raise self.unreadable(error) from error

    def check(self) -> None:
        """Raises InputError if there is no file with something in it."""
        size = len(self.place) if isinstance(self.place, bytes) else self.size(self.place)
        if not size:
            raise InputError(f"{self.name} is empty", "it holds no bytes at all; fetch or save it again", "input_empty")

    def size(self, path: Path) -> int:
        """Bytes on disk. Raises InputError for what is no file."""
        try:
            found = path.stat().st_size
        except FileNotFoundError as error:
            raise InputError(f"{self.name} does not exist", "check how it is spelled", "input_missing") from error
        except (OSError, ValueError) as error:
            raise self.unreadable(error) from error
        if path.is_dir():
            raise InputError(f"{self.name} is a folder", "name a file in it", "input_is_folder")
        if not path.is_file():
            raise InputError(
                f"{self.name} is not a regular file", "give '-' and pipe it to standard input", "input_unreadable"
            )
        return found

    def kind(self) -> str:
        """PDF, or one of Pillow's formats. Raises InputError if the bytes begin like neither."""
        self.check()
        with self.open() as file:
            head = file.read(HEADER)
        kind = picture(head) or ("PDF" if b"%PDF-" in head else None)
        if kind is None:
            raise self.stranger(head)
        return kind

    def stranger(self, head: bytes) -> InputError:
        """The error of a file that is no document, with what is known of it."""
        known = [words for magic, words in STRANGERS.items() if head.lstrip().startswith(magic)]
        hint = "; ".join([*known, "PDF, PNG, JPEG, TIFF, WebP, BMP and GIF can be read: export it as PDF first"])
        return InputError(f"{self.name} is not a document", hint, "input_unknown")

    def unreadable(self, error: OSError | ValueError) -> InputError:
        """The error of bytes that the system does not give out."""
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return InputError(f"{self.name} cannot be read: {reason}", "check that you may read it", "input_unreadable")

    @cached_property
    def sha256(self) -> str:
        """Digest of all bytes, in hexadecimal."""
        with self.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def picture(head: bytes) -> str | None:
    """Which of Pillow's formats a file with this beginning has."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP"
    return next((kind for magic, kind in PICTURES.items() if head.startswith(magic)), None)
