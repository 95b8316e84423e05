"""What is asked of a page: a question about the whole, or one for each region that holds text. Knows no model.

A page that is blank, or that the reader could not deliver, raises no question.
"""

from __future__ import annotations

from dataclasses import replace

from PIL import Image, ImageOps, ImageStat

from vary_cli import layout
from vary_cli.convert import ConvertOptions
from vary_cli.convert.crops import claimed, cut, moved
from vary_cli.convert.sheet import Sheet
from vary_cli.document import FailedPage, PageImage, Region, TextLayer
from vary_cli.example import Example
from vary_cli.layout import pixels

SHRINK, CONTRAST = 8, 40
"""A page is blank if its tones differ by less than CONTRAST once SHRINK x SHRINK px are averaged: noise is gone then,
a full stop is not."""
DARK, EVEN, MOSTLY = 100, 24, 0.6
"""A page is dark if its middle tone is, and most of its tones are nearly that."""
DENIED = "its text layer says other than the page shows and was not used"


def lay_out(page: PageImage | FailedPage, options: ConvertOptions) -> tuple[Sheet, list[Example]]:
    """A page's sheet, and what is to be asked of it."""
    if isinstance(page, FailedPage):
        return Sheet(page, options), []
    if options.layer == "off":
        page = replace(page, layer=None)
    nothing = replace(page, image=Image.new("L", (1, 1)), layer=None)
    if is_blank(page.image):
        return Sheet(nothing, options, layered=page.layer is not None, warnings=hidden(page.layer)), []
    page = upright(positive(page)) if options.reads == "region" else page
    kept = replace(page, layer=None) if options.reads == "region" else nothing
    sheet = Sheet(kept, options, layered=page.layer is not None)
    examples = page_examples(page, options) if options.reads == "page" else region_examples(page, sheet)
    sheet.expected = len(examples)
    return sheet, examples


def read_anew(sheet: Sheet) -> tuple[Sheet, list[Example]]:
    """A sheet without the text layer that proved false, and what is to be asked of it."""
    fresh, examples = lay_out(sheet.page, sheet.options)
    fresh.begun, fresh.warnings = sheet.begun, (*fresh.warnings, DENIED)
    return fresh, examples


def page_examples(page: PageImage, options: ConvertOptions) -> list[Example]:
    """The one question of a model that reads pages; the layer's words in reading order are its draft."""
    found = layout.regions(page) if page.layer is not None else ()
    draft = "\n".join(line.text for region in found for line in region.lines) or None
    return [Example(page.image, prompt=options.prompt, draft=draft, source=f"page {page.number}")]


def positive(page: PageImage) -> PageImage:
    """The page with dark letters: screens and slides show light ones on an even dark ground."""
    tones = averaged(page.image)
    (ground,) = ImageStat.Stat(tones).median
    even = sum(tones.histogram()[max(0, ground - EVEN + 1) : ground + EVEN])
    if ground > DARK or even < MOSTLY * tones.width * tones.height:
        return page
    return replace(page, image=ImageOps.invert(page.image), negative=True)


def upright(page: PageImage) -> PageImage:
    """The page with its lines level: scans lie crooked, pages with a text layer do not."""
    if page.layer is not None:
        return page
    image, turn = pixels.upright(page.image)
    return replace(page, image=image, size=(image.width / page.scale, image.height / page.scale)) if turn else page


def region_examples(page: PageImage, sheet: Sheet) -> list[Example]:
    """A question for each region that holds text; regions and pictures go on the sheet."""
    sheet.regions, sheet.drawn = layout.with_drawn(page)
    return [region_example(page, region, sheet.options) for region in sheet.regions if region.is_read]


def region_example(page: PageImage, region: Region, options: ConvertOptions) -> Example:
    """The region cut out, with an em of what is around it, and its lines moved along."""
    crop, corner = cut(page.image, region.box, region.em)
    lines = tuple(moved(line, *corner) for line in region.lines)
    example = Example(crop, options.prompt, lines=lines, source=f"page {page.number}")
    if page.layer is None:
        return example
    draft = "\n".join(line.text for line in region.lines) if options.layer == "draft" else None
    return replace(example, draft=draft, glyphs=tuple(claimed(region, page.scale, *corner)))


def is_blank(image: Image.Image) -> bool:
    """Whether nothing stands on a page, dust and noise aside."""
    low, high = averaged(image).getextrema()
    return bool(high - low < CONTRAST)  # type: ignore[operator]


def averaged(image: Image.Image) -> Image.Image:
    """The tones of a page, SHRINK x SHRINK px each."""
    return image.convert("L").reduce(SHRINK)


def hidden(layer: TextLayer | None) -> tuple[str, ...]:
    """A warning about text that is in the file and not on the page."""
    count = sum(len(line.text.strip()) for line in layer.lines) if layer is not None else 0
    return (f"its text layer holds {count} characters that cannot be seen on the page",) if count else ()
