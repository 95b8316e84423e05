"""Pictures wherever a data set keeps them: files, members of tar files, pages of PDFs. Gray or RGB, within limits."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from vary_cli.errors import DataError

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
MOST_PIXELS = 64_000_000
PDF_DPI = 150


@dataclass(frozen=True)
class Stored:
    """A file."""

    path: Path

    @property
    def name(self) -> str:
        """As errors call it."""
        return str(self.path)


@dataclass(frozen=True)
class Packed:
    """A member of a tar file."""

    path: Path
    offset: int
    size: int
    member: str

    @property
    def name(self) -> str:
        """As errors call it."""
        return f"{self.path}:{self.member}"


@dataclass(frozen=True)
class PdfPage:
    """A page of a PDF, counted from 0."""

    path: Path
    number: int

    @property
    def name(self) -> str:
        """As errors call it."""
        return f"{self.path}#page={self.number + 1}"


Picture = Stored | Packed | PdfPage


def opened(picture: Picture) -> Image.Image:
    """The picture, L or RGB, turned as its EXIF says. Raises DataError: missing, broken or too large."""
    if isinstance(picture, PdfPage):
        return rendered(picture)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower, and an error
            with Image.open(io.BytesIO(data(picture))) as image:
                check_size(image.size, picture.name)
                return plain(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise DataError(f"{picture.name} is too large: {error}", LIMIT, "picture_too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise DataError(f"{picture.name} is no readable picture: {error}", HINT, "picture_broken") from error


HINT = "vary data check lists all such pictures"
LIMIT = f"at most {MOST_PIXELS:,} px are read"


def data(picture: Stored | Packed) -> bytes:
    """The bytes of a picture. Raises DataError if they are not there."""
    try:
        if isinstance(picture, Stored):
            return picture.path.read_bytes()
        with picture.path.open("rb") as file:
            file.seek(picture.offset)
            return file.read(picture.size)
    except OSError as error:
        raise DataError(f"{picture.name} cannot be read: {error.strerror}", HINT, "picture_missing") from error


def check_size(size: tuple[int, int], name: str) -> None:
    """Raise DataError for more pixels than anyone should decode."""
    if size[0] * size[1] > MOST_PIXELS:
        raise DataError(f"{name} is too large: {size[0]} x {size[1]} px", LIMIT, "picture_too_large")


def plain(image: Image.Image) -> Image.Image:
    """The picture in gray or RGB, on white where it is transparent."""
    if image.mode in ("L", "RGB"):
        image.load()
        return image
    if image.mode in ("1", "I;16", "I", "F"):
        return image.convert("L")
    if image.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def rendered(page: PdfPage) -> Image.Image:
    """A page at PDF_DPI, less if it were too large. Raises DataError."""
    from vary_cli.data import sheets

    try:
        with sheets.opened(page.path) as document:
            found = document[page.number]
            area = found.rect.width * found.rect.height
            return sheets.picture(found, min(PDF_DPI / 72, (MOST_PIXELS / max(1.0, area)) ** 0.5))
    except (*sheets.ERRORS, IndexError) as error:
        raise DataError(f"{page.name} cannot be rendered: {error}", HINT, "picture_broken") from error
