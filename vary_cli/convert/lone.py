"""A picture of one formula between picture and LaTeX, for models that read regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vary_cli.convert import ConvertOptions, displays
from vary_cli.convert.asking import is_blank, positive
from vary_cli.convert.asking import lay_out as as_page
from vary_cli.convert.sheet import Sheet
from vary_cli.document import FailedPage, PageImage, PageText
from vary_cli.example import Example
from vary_cli.layout import pixels

UNREAD = "the formula could not be read for sure; nothing is told of it"


@dataclass
class FormulaSheet(Sheet):
    """A formula at work."""

    def text(self) -> PageText:
        """What the formula says, with the evidence; one that cannot be read is a failed page that says so."""
        page = super().text()
        if page.text:
            return page
        return replace(page, finish="failed", method="none", warnings=(UNREAD,), code="formula_unread")

    def written(self) -> tuple[str, tuple[str, ...]]:
        """The answer as a display; nothing if it cannot be vouched for."""
        latex = displays.vouched(self.answers[0])
        return f"$$\n{latex}\n$$" if latex else "", ()


def lay_out(page: PageImage | FailedPage, options: ConvertOptions) -> tuple[Sheet, list[Example]]:
    """A formula's sheet, and the one question about it."""
    if isinstance(page, FailedPage) or is_blank(page.image):
        return as_page(page, options)
    page = positive(page)
    asked = Example(page.image, options.prompt, em=pixels.em(page.image), source=f"page {page.number}")
    return FormulaSheet(replace(page, layer=None), options, expected=1), [asked]
