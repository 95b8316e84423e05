"""A chart between picture and answer: a model reads its words, and what they and its marks say is worked out.

For models that read regions; those that read pages are asked in words.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from vary_cli import charts
from vary_cli.charts import Lettering, Unreadable, Word
from vary_cli.convert import ConvertOptions
from vary_cli.convert.asking import is_blank
from vary_cli.convert.asking import lay_out as as_page
from vary_cli.convert.sheet import Sheet
from vary_cli.document import FailedPage, PageImage, PageText
from vary_cli.example import Example


@dataclass
class ChartSheet(Sheet):
    """A chart at work."""

    lettering: tuple[Lettering, ...] = ()
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
        told, unread = charts.answer(self.page.image, list(self.words()))
        self.warnings = (*self.warnings, *unread)
        return told, ()

    def words(self) -> Iterator[Word]:
        """What each line says: of what was read at its sizes, that which was read the most surely."""
        answers = iter(self.answers)
        for line in self.lettering:
            mine = list(islice(answers, len(line.sizes)))
            yield line.read([answer.text for answer in mine], [answer.score for answer in mine])


def failed(page: PageImage | FailedPage, error: Unreadable) -> PageText:
    """A chart that could not be read."""
    return PageText(page.number, page.label, "", "failed", "none", warnings=(error.message,), code=error.code)


def lay_out(page: PageImage | FailedPage, options: ConvertOptions) -> tuple[Sheet, list[Example]]:
    """A chart's sheet, and what is to be asked of it: its lines of text, each cut out and turned level."""
    if isinstance(page, FailedPage) or is_blank(page.image):
        return as_page(page, options)
    lettering = charts.lines(page.image)
    examples = [
        Example(line.image, options.prompt, lines=(size,), source=f"page {page.number}")
        for line in lettering
        for size in line.sizes
    ]
    return ChartSheet(replace(page, layer=None), options, expected=len(examples), lettering=lettering), examples
