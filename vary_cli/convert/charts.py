"""A chart between picture and answer: a model reads its words, and what they and its marks say is worked out.

For models that read regions; those that read pages are asked in words.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from vary_cli import charts
from vary_cli.charts import Lettering, Unreadable
from vary_cli.convert import ConvertOptions
from vary_cli.convert.sheet import Sheet, is_blank
from vary_cli.convert.sheet import lay_out as as_page
from vary_cli.document import FailedPage, PageImage, PageText
from vary_cli.example import Example


@dataclass
class ChartSheet(Sheet):
    """A chart at work."""

    lines: tuple[Lettering, ...] = ()
    """Where its words stand."""

    def text(self) -> PageText:
        """What the chart says, with the evidence; one that cannot be read is a failed page that says why."""
        try:
            return super().text()
        except Unreadable as error:
            return replace(failed(self.page, error), seconds=time.perf_counter() - self.begun)

    def written(self) -> tuple[str, tuple[str, ...]]:
        """The answer that the words and the marks of the chart give together."""
        assert isinstance(self.page, PageImage)
        said = zip(self.lines, self.answers, strict=True)
        return charts.answer(self.page.image, [line.read(answer.text) for line, answer in said]), ()


def failed(page: PageImage | FailedPage, error: Unreadable) -> PageText:
    """A chart that could not be read."""
    return PageText(page.number, page.label, "", "failed", "none", warnings=(error.message,), code=error.code)


def lay_out(page: PageImage | FailedPage, options: ConvertOptions) -> tuple[Sheet, list[Example]]:
    """A chart's sheet, and what is to be asked of it: its lines of text, each cut out and turned level."""
    if isinstance(page, FailedPage) or is_blank(page.image):
        return as_page(page, options)
    lines = charts.lines(page.image)
    sheet = ChartSheet(replace(page, layer=None), options, expected=len(lines), lines=lines)
    return sheet, [
        Example(line.image, options.prompt, lines=(line.line,), source=f"page {page.number}") for line in lines
    ]
