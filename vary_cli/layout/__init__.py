"""Layout: a page -> its regions in reading order, by its own text layer where it has one, else by its pixels."""

from __future__ import annotations

from vary_cli.document import PageImage, Region
from vary_cli.layout.seen import NOTHING, Drawn


def regions(page: PageImage) -> tuple[Region, ...]:
    """The regions of a page in reading order, in px of its picture."""
    return with_drawn(page)[0]


def with_drawn(page: PageImage) -> tuple[tuple[Region, ...], Drawn]:
    """The regions of a page in reading order and, of a page without a text layer, what else is drawn on it."""
    if page.layer is not None:
        from vary_cli.layout import printed

        return printed.regions(page, page.layer), NOTHING
    from vary_cli.layout import pixels

    return pixels.with_drawn(page.image)
