"""Layout: a page -> its regions in reading order, by its own text layer where it has one, else by its pixels."""

from __future__ import annotations

from vary_cli.document import PageImage, Region


def regions(page: PageImage) -> tuple[Region, ...]:
    """The regions of a page in reading order, in px of its picture."""
    if page.layer is not None:
        from vary_cli.layout import printed

        return printed.regions(page, page.layer)
    from vary_cli.layout import pixels

    return pixels.regions(page.image)
