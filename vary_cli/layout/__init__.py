"""Layout: a page -> its regions in reading order, by its own text layer where it has one, else by its pixels."""

from __future__ import annotations

from vary_cli.document import Box, PageImage, Region


def regions(page: PageImage) -> tuple[Region, ...]:
    """The regions of a page in reading order, in px of its picture."""
    return with_rules(page)[0]


def with_rules(page: PageImage) -> tuple[tuple[Region, ...], tuple[Box, ...]]:
    """The regions of a page in reading order and, of a page without a text layer, the ruled lines on it; px."""
    if page.layer is not None:
        from vary_cli.layout import printed

        return printed.regions(page, page.layer), ()
    from vary_cli.layout import pixels

    return pixels.with_rules(page.image)
