"""What flows through the house: pages as pictures, regions of pages, pages as text, documents. Data only.

Boxes are (x0, y0, x1, y1), y downwards. A text layer is in points of the page as it is shown (rotation applied);
regions and lines are in px of the page's picture. `PageImage.scale` leads from one to the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from vary_cli.errors import VaryError

if TYPE_CHECKING:
    from PIL import Image

Box = tuple[float, float, float, float]
ASCENT, DESCENT = 0.78, 0.22
"""How far letters usually reach above and below their baseline, ems."""
Kind = Literal[
    "title", "heading", "text", "list", "table", "formula", "code", "picture", "caption", "footnote", "header", "footer"
]
Finish = Literal["stop", "length", "repeat", "blank", "failed"]


@dataclass(frozen=True)
class Span:
    """A run of characters of one style on one line of a text layer."""

    text: str
    box: Box
    """Points."""
    edges: tuple[float, ...]
    """x of each character's left edge and of the last one's right edge, points: len(text) + 1 values."""
    baseline: float
    """y, points."""
    size: float
    """Em, points."""
    bold: bool = False
    italic: bool = False
    mono: bool = False
    raised: bool = False
    """Superscript."""
    math: bool = False
    """Of a font for formulas; such a span holds one character."""


@dataclass(frozen=True)
class LayerLine:
    """One horizontal line of a text layer."""

    spans: tuple[Span, ...]
    box: Box

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class OutlineEntry:
    """A bookmark that leads to this page."""

    level: int
    """1 is the highest."""
    title: str
    y: float | None
    """Where on the page, points; None if the bookmark names only the page."""


@dataclass(frozen=True)
class Area:
    """What the PDF library's layout analysis says of a part of the page."""

    kind: str
    """Its own word: text, section-header, list-item, table, picture, formula, caption, page-header, ..."""
    box: Box


@dataclass(frozen=True)
class Display:
    """A display formula on a scan: the lines that were read of it, and in vain."""

    box: Box
    """All of its ink, points; its number is no part of it."""
    lines: tuple[LayerLine, ...]
    number: str = ""
    """As printed in the margin, without brackets."""


@dataclass(frozen=True)
class TextLayer:
    """What a born-digital page says of itself, or a scan once it has been read."""

    lines: tuple[LayerLine, ...]
    areas: tuple[Area, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    rules: tuple[Box, ...] = ()
    """Thin drawn lines and edges of drawn rectangles, points: the rulings of tables."""
    pictures: tuple[Box, ...] = ()
    """Embedded images and clusters of drawings, points."""
    shades: tuple[Box, ...] = ()
    """Filled boxes behind the text, points."""
    displays: tuple[Display, ...] = ()
    """Display formulas that its lines do not hold."""


@dataclass(frozen=True)
class PageImage:
    """One page as the reader saw it."""

    number: int
    """Counted from 1 in the source."""
    label: str
    """As printed on the page (PDF page labels), else the number."""
    image: Image.Image
    """RGB."""
    size: tuple[float, float]
    """Width and height, points."""
    layer: TextLayer | None = None
    """None for pictures and scans."""
    alone: bool = False
    """Whether it is all of its document: then no head or foot can run over pages."""
    negative: bool = False
    """Whether the image is the negative of a dark page, so that its letters are dark."""

    @property
    def scale(self) -> float:
        """px per point."""
        return self.image.width / self.size[0]


@dataclass(frozen=True)
class FailedPage:
    """A page that could not be seen. It stands in its place, so that no page vanishes."""

    number: int
    """Counted from 1 in the source."""
    label: str
    error: VaryError


@dataclass(frozen=True)
class Line:
    """One line of text on a page's picture."""

    box: Box
    """px."""
    baseline: float
    """y, px."""
    em: float
    """Size of its font, px; an estimate where there is no layer."""
    doubt: float = field(default=0.0, kw_only=True)
    """Another size that it may have as well, px: capitals are as high as small letters of a larger font. 0: none."""
    spans: tuple[Span, ...] = ()
    """What the text layer says, in points; empty without one."""
    gaps: tuple[tuple[float, float], ...] = ()
    """White between its letters, px: where it begins and ends; known of lines found by their pixels."""
    formulas: tuple[tuple[int, int, str], ...] | None = None
    """Of a scan: where formulas begin and end in its text, and their LaTeX; None where the text layer tells them."""
    bullet: bool = False
    """Whether a dot or the like stands before its text, as its pixels have it."""

    @property
    def text(self) -> str:
        """What the text layer says."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its place, and which of the region's lines stand in it."""

    row: int
    column: int
    lines: tuple[int, ...] = ()
    """Indices into the region's lines."""
    rows: int = 1
    """How many rows it spans."""
    columns: int = 1
    header: bool = False


@dataclass(frozen=True)
class Region:
    """A piece of a page that is read at once. A page-level model gets one region, the page."""

    kind: Kind
    box: Box
    """px."""
    lines: tuple[Line, ...] = ()
    """In reading order."""
    level: int = 0
    """Of a heading, from 1; of a list item, its depth from 0."""
    marker: str = ""
    """Of a list item, as printed: a bullet, '1.', '(a)'; of a display formula on a scan, its number."""
    cells: tuple[Cell, ...] = ()
    """Of a table."""
    rules: tuple[Box, ...] = ()
    """Drawn lines in it, in points as its spans: bars of fractions and roots."""

    @property
    def is_read(self) -> bool:
        """Whether a model is asked about it: it has lines, and is no picture."""
        return bool(self.lines) and self.kind != "picture"

    @property
    def em(self) -> float:
        """Size of its largest line, px."""
        return max((line.em for line in self.lines), default=0.0)


@dataclass(frozen=True)
class Picture:
    """A picture cropped out of a page."""

    name: str
    """File name it is linked by."""
    image: Image.Image


@dataclass(frozen=True)
class Account:
    """How a page was read, in characters: the evidence for its text."""

    verified: int = 0
    """The text layer says them and the model sees them."""
    corrected: int = 0
    """The model read other than the text layer."""
    unverified: int = 0
    """Taken from the text layer; outside of what the model can tell."""
    read: int = 0
    """Read by the model alone."""

    def __add__(self, other: Account) -> Account:
        return Account(
            self.verified + other.verified,
            self.corrected + other.corrected,
            self.unverified + other.unverified,
            self.read + other.read,
        )


@dataclass(frozen=True)
class PageText:
    """One page as Markdown, with the evidence."""

    number: int
    label: str
    text: str
    finish: Finish
    """Why reading ended; 'failed' pages have an empty text and say why in `warnings`."""
    method: str
    """'layer', 'model', 'layer+model', 'blank'."""
    score: float = 1.0
    """Mean probability that the model gives to what it wrote, 0 to 1."""
    seconds: float = 0.0
    headers: tuple[str, ...] = ()
    """Running heads and feet, kept here whatever the text shows."""
    pictures: tuple[Picture, ...] = ()
    account: Account = Account()
    warnings: tuple[str, ...] = ()
    code: str = ""
    """Machine code of the failure of a failed page."""


@dataclass(frozen=True)
class Document:
    """What the user asked for."""

    source: str
    pages: tuple[PageText, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Title, sha256 of the source, model, options, version."""

    @cached_property
    def failed(self) -> tuple[PageText, ...]:
        """Pages that could not be read."""
        return tuple(page for page in self.pages if page.finish == "failed")
