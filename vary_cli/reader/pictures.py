"""Pictures as pages, by Pillow: one page each, but a TIFF has as many as it has frames. Knows nothing of PDFs."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

from vary_cli.document import FailedPage, PageImage
from vary_cli.errors import InputError
from vary_cli.reader import pixels
from vary_cli.reader.limits import Limits
from vary_cli.reader.origin import Origin

DAMAGE = (OSError, SyntaxError, ValueError, LookupError, TypeError, EOFError, ArithmeticError, struct.error)
"""What Pillow raises on broken files."""
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
LARGEST = 89_478_485
"""px, as Pillow's own guard counts: A3 at 600 dpi and a quarter more."""
REDUCED = 254
"""The TIFF tag NewSubfileType; its lowest bit marks a smaller copy of another frame."""


class Pictures:
    """The pages of a picture file. Making it reads the file's header and raises InputError."""

    def __init__(self, origin: Origin, kind: str, limits: Limits) -> None:
        self._origin = origin
        self._kind = kind
        self._limits = limits
        self.title = ""
        self.warnings: list[str] = []
        with self._opened() as image:
            self._frames = list(frames(image, limits.pages)) if kind == "TIFF" else [0]
        self.count = len(self._frames)
        self.labels = tuple(str(number) for number in range(1, self.count + 1))

    def read(self, numbers: Sequence[int]) -> Iterator[PageImage | FailedPage]:
        """The pages of these numbers. A broken frame among several is a failed page; a lone one raises InputError."""
        with self._opened() as image:
            for number in numbers:
                try:
                    page: PageImage | FailedPage = self._page(image, number)
                except InputError as error:
                    if self.count == 1:
                        raise
                    page = FailedPage(number, self.labels[number - 1], error)
                yield page

    def close(self) -> None:
        """Nothing is left open between passes."""

    @contextmanager
    def _opened(self) -> Iterator[Image.Image]:
        """The file with its header read. Raises InputError."""
        with self._origin.open() as file:
            try:
                image = Image.open(file, formats=(self._kind,))
            except BOMB as error:
                raise self._too_large() from error
            except DAMAGE as error:
                raise self._damaged("", error) from error
            with image:
                yield image

    def _page(self, image: Image.Image, number: int) -> PageImage:
        """One frame as a page. Raises InputError if it is too large or damaged."""
        try:
            image.seek(self._frames[number - 1])
            if image.width * image.height > LARGEST:
                raise self._too_large()
            picture, size = pixels.page(image, self._limits.pixels)
        except DAMAGE as error:
            raise self._damaged(f"page {number} of " if self.count > 1 else "", error) from error
        return PageImage(number, self.labels[number - 1], picture, size)

    def _too_large(self) -> InputError:
        hint = f"scale it down to {LARGEST:,} px"
        return InputError(f"{self._origin.name} is too large a picture", hint, "input_too_large")

    def _damaged(self, where: str, error: Exception) -> InputError:
        spoken = not isinstance(error, UnidentifiedImageError) and any(map(str.isalpha, str(error)))
        reason = error if spoken else "it cannot be decoded"  # some decoders only give a number
        message = f"{where}{self._origin.name} is damaged: {reason}"
        return InputError(message, "fetch or save it again", "input_damaged")


def frames(image: Image.Image, most: int) -> Iterator[int]:
    """Frames of a TIFF that are pages. The search ends at a frame that cannot be found; it fails when it is read."""
    for frame in range(most):
        try:
            image.seek(frame)
            reduced = frame and int(image.tag_v2.get(REDUCED, 0)) & 1  # type: ignore[attr-defined]
        except EOFError:
            return
        except DAMAGE:
            yield frame
            return
        if not reduced:
            yield frame
