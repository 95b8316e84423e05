"""What the child process does with PyMuPDF: open a document, render a page, fetch its text layer."""

from __future__ import annotations

import math
from collections.abc import Callable

import pymupdf

from vary_cli.document import TextLayer
from vary_cli.reader import wire
from vary_cli.reader.labels import labels

ERRORS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)
"""What PyMuPDF raises on documents that it cannot stomach. Anything else is a bug and ends the child."""
LONGEST = 50_000
"""px of a page's longer side; a budget of pixels alone would let a page of 1 x 1,000,000 points through."""

Draw = Callable[[pymupdf.Page, wire.Order], tuple[wire.Rendered, bytes]]


def admit(order: wire.Order, data: bytes) -> tuple[wire.Opened | wire.Refused, pymupdf.Document | None]:
    """Open the document, or say why not."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = pymupdf.open(order.path, stream=None if order.path else data, filetype="pdf")
        refusal = locked(document, order.password) or unfit(document, order.pages)
        return (refusal, None) if refusal else (introduction(document), document)
    except ERRORS as error:
        return wire.Refused("damaged", str(error)), None


def locked(document: pymupdf.Document, password: str | None) -> wire.Refused | None:
    """The refusal of a document whose password is missing or wrong. An owner's password is not asked for."""
    if not document.needs_pass or document.authenticate(password or ""):
        return None
    return wire.Refused("wrong_password" if password else "encrypted")


def unfit(document: pymupdf.Document, most: int) -> wire.Refused | None:
    """The refusal of a document with no pages or too many."""
    count = document.page_count
    if not count:
        return wire.Refused("damaged", "no page is left") if document.is_repaired else wire.Refused("no_pages")
    return wire.Refused("too_long", str(count)) if count > most else None


def introduction(document: pymupdf.Document) -> wire.Opened:
    """What the document says of itself."""
    settle(document)
    warnings = []
    try:
        rules = document.get_page_labels()
        named = labels(rules, document.page_count) if rules else []
    except (*ERRORS, LookupError) as error:
        named = []
        warnings.append(f"its page labels cannot be read: {error}")
    title = (document.metadata or {}).get("title") or ""
    return wire.Opened(document.page_count, tuple(named), title.strip(), document.is_repaired, tuple(warnings))


def settle(document: pymupdf.Document) -> None:
    """Make MuPDF walk the page tree, upon which it corrects a page count that lies."""
    try:
        document.load_page(0)
    except ERRORS:
        return  # the first page says so itself when its turn comes


def attempt(
    draw: Draw, document: pymupdf.Document | None, number: int, order: wire.Order
) -> tuple[wire.Rendered | wire.Failed, bytes]:
    """A page and its pixels, or why there are none."""
    pymupdf.TOOLS.reset_mupdf_warnings()
    assert document is not None, "a document that was refused is not read"
    try:
        return draw(document.load_page(number - 1), order)
    except ERRORS as error:
        return wire.Failed(str(error)), b""


def draw(page: pymupdf.Page, order: wire.Order) -> tuple[wire.Rendered, bytes]:
    """A page as it is shown (rotated, cropped to its CropBox) and its text layer."""
    width, height = page.rect.width, page.rect.height
    zoom = fitting(width, height, order)
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    warnings = complaints()
    if zoom < order.dpi / 72:
        warnings.append(f"it is {width / 72:.0f} x {height / 72:.0f} inches and was rendered at {zoom * 72:.1f} dpi")
    layer, trouble = text_layer(page, order)
    repaired = page.parent.is_repaired
    rendered = wire.Rendered(pixmap.width, pixmap.height, (width, height), layer, repaired, (*warnings, *trouble))
    return rendered, pixmap.samples


def fitting(width: float, height: float, order: wire.Order) -> float:
    """px per point: as asked for, or as much as the budget allows. Raises ValueError for a page without a size."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise ValueError(f"the page measures {width:g} x {height:g} points")
    budget = math.sqrt(order.pixels / (width * height))
    return float(min(order.dpi / 72, budget, LONGEST / max(width, height)))


def complaints() -> list[str]:
    """What MuPDF found broken while it rendered, in short."""
    errors = [line for line in pymupdf.TOOLS.mupdf_warnings().splitlines() if "error" in line]
    return [f"it may be incomplete: {error}" for error in errors[:1]]


def text_layer(page: pymupdf.Page, order: wire.Order) -> tuple[TextLayer | None, list[str]]:
    """The text layer if it was asked for, and what was wrong with it."""
    if not order.layer:
        return None, []
    from vary_cli import layer

    try:
        return layer.extract(page, order.analyse), []
    except ERRORS as error:
        return None, [f"its text layer cannot be read: {error}"]
