"""Deed 1: the pages of a source, read by a transcriber, as Markdown with the evidence. Knows neither files nor torch.

`convert(path, model)` is short for `convert.document(path, model)`. The sheets, which need NumPy, are imported where
they are called: who asks for the options (`vary convert --help`) need not wait.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from vary_cli import __version__
from vary_cli.config import nearest
from vary_cli.document import Document, FailedPage, PageImage, PageText
from vary_cli.errors import UsageError, VaryError, raised_at
from vary_cli.example import Example, Transcriber

if TYPE_CHECKING:
    from vary_cli.convert.sheet import Sheet
    from vary_cli.reader import Source

Result = TypeVar("Result")

TASKS = ("markdown", "ocr")
"""What pages are converted by, the better first."""
FORMULA = "formula"
"""What the pictures of lone formulas are translated to LaTeX by."""
CHART = "chart"
"""What any model that reads regions can be asked: it reads the words, the rest is worked out."""


@dataclass(frozen=True)
class ConvertOptions:
    """How pages become text."""

    text_layer: Literal["auto", "trust", "draft", "off"] = "auto"
    """A PDF's own text: 'trust' it where the model sees it on the page, take it as a 'draft' that the model verifies
    word for word, or 'off' for the picture alone; auto is trust for models that read regions, else draft."""
    headers: Literal["auto", "keep", "drop", "comment"] = "auto"
    """Running heads and feet in the text; JSON has them in any case. Auto drops them, and keeps what a document of one
    page says there, a page number alone aside."""
    images: Literal["files", "embed", "none"] = "files"
    """Pictures on the pages: cropped out to files, embedded in the text, or left out."""
    lang: Literal["auto", "en", "zh"] = "auto"
    """Language of the pages, for models whose question depends on it."""
    task: str | None = field(default=None, metadata={"metavar": "TASK"})
    """What a model of several tasks is asked to do: markdown, ocr, table, chart, ...; by default the first it knows."""
    prompt: str | None = None
    """Ask the model this, in words."""
    reads: Literal["region", "page"] = field(default="region", metadata={"flag": False})
    """What the model reads at once."""
    formula: str | None = field(default=None, metadata={"flag": False})
    """What it is asked of the display formulas on scans; None: nothing, they are read as text is."""

    @property
    def works_out_charts(self) -> bool:
        """Whether pages are charts for a model that reads their words and no more."""
        return self.task == CHART and self.reads == "region"

    @property
    def layer(self) -> Literal["trust", "draft", "off"]:
        """What the text layer is good for, decided."""
        if self.text_layer == "auto":
            return "trust" if self.reads == "region" else "draft"
        return self.text_layer


class Spec(Protocol):
    """What is asked of a model's family."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def reads(self) -> Literal["region", "page"]:
        """What the model reads at once."""

    @property
    def tasks(self) -> Mapping[str, Mapping[str, str]]:
        """What it can be asked: task -> language ('*' is any) -> question."""


class Model(Protocol):
    """What is asked of a model; `vary_cli.load` gives one."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def revision(self) -> str:
        """Which of its versions it is."""

    @property
    def spec(self) -> Spec:
        """What its family is."""

    @property
    def transcribe(self) -> Transcriber:
        """How it reads."""


def fitted(options: ConvertOptions, spec: Spec) -> ConvertOptions:
    """The options as they apply to a model: what it reads at once, and what it is asked."""
    prompt = options.prompt or question(options, spec)
    return replace(options, reads=spec.reads, prompt=prompt, formula=formula_question(options, spec))


def tasks(spec: Spec) -> list[str]:
    """What a model can be asked to do."""
    return sorted({*spec.tasks, CHART} if spec.reads == "region" else spec.tasks)


def question(options: ConvertOptions, spec: Spec) -> str | None:
    """The model's words for the task; None if it takes no questions. Raises UsageError for a task it does not know."""
    known = [options.task] if options.task else [task for task in TASKS if task in spec.tasks]
    if not known or (known == [CHART] and spec.reads == "region"):
        return None
    if known[0] not in spec.tasks:
        raise UsageError(f"{spec.name} has no task {known[0]!r}", nearest(known[0], tasks(spec)))
    return worded(known[0], options, spec) or None


def formula_question(options: ConvertOptions, spec: Spec) -> str | None:
    """The words, perhaps none, for a lone formula; None where it is not asked for: by pages, or for another purpose."""
    reads_text = spec.reads == "region" and options.prompt is None and options.task in (None, *TASKS)
    return worded(FORMULA, options, spec) if reads_text and FORMULA in spec.tasks else None


def worded(task: str, options: ConvertOptions, spec: Spec) -> str:
    """A task in the language of the pages."""
    words = spec.tasks[task]
    return next(words[lang] for lang in (options.lang, "*", "en") if lang in words)


def pages(
    source: Iterable[PageImage | FailedPage], transcribe: Transcriber, options: ConvertOptions = ConvertOptions()
) -> Iterator[PageText]:
    """The pages as text, in order, each as soon as its last answer is there.

    All questions of all pages go through one call of the transcriber, which pulls pages as it needs them: its batches
    reach over pages, and only the pages that it is at are in memory.
    """
    sheets: deque[Sheet] = deque()
    for generation in transcribe(questions(source, sheets, options)):
        next(sheet for sheet in sheets if not sheet.complete).answers.append(generation)
        yield from finished(sheets, transcribe)
    yield from finished(sheets, transcribe)
    if sheets:
        raise RuntimeError(f"the transcriber left page {sheets[0].page.number} without an answer")


def questions(
    source: Iterable[PageImage | FailedPage], sheets: deque[Sheet], options: ConvertOptions
) -> Iterator[Example]:
    """What is to be asked of each page; the pages queue up in `sheets`."""
    if options.works_out_charts:
        from vary_cli.convert.charts import lay_out
    elif options.task == FORMULA and options.reads == "region":
        from vary_cli.convert.lone import lay_out
    else:
        from vary_cli.convert.asking import lay_out

    for page in source:
        laid = tried(page, partial(lay_out, page, options))
        sheet, examples = lay_out(laid, options) if isinstance(laid, FailedPage) else laid
        sheets.append(sheet)
        yield from examples


def tried(page: PageImage | FailedPage, deed: Callable[[], Result]) -> Result | FailedPage:
    """What a deed gives; a fault of ours must not take the other pages with it: it is told as this page's."""
    try:
        return deed()
    except VaryError:
        raise
    except Exception as error:
        return FailedPage(page.number, page.label, fault(error))


def fault(error: Exception) -> VaryError:
    """An error that nobody foresaw as a page's, with the place in the code."""
    file, line = raised_at(error)
    message = f"a fault of vary's own on this page: {type(error).__name__}: {error} ({file}, line {line})"
    return VaryError(message, "please report it, with the page if you can", "internal")


def finished(sheets: deque[Sheet], transcribe: Transcriber) -> Iterator[PageText]:
    """Texts of the leading pages that have all their answers.

    A scan is laid out once more by what was read on it, and asked for its formulas.
    """
    from vary_cli.convert.sheet import Sheet

    while sheets and sheets[0].complete:
        sheet = believed(sheets.popleft(), transcribe)
        failed = tried(sheet.page, sheet.lay_out_again)
        if failed is None and sheet.translations:
            sheet.formulas.extend(transcribe(sheet.translations))
        text = tried(sheet.page, sheet.text) if failed is None else failed
        yield Sheet(text, sheet.options).text() if isinstance(text, FailedPage) else text


def believed(sheet: Sheet, transcribe: Transcriber) -> Sheet:
    """The sheet, read anew from its picture alone where its text layer proved false."""
    from vary_cli.convert.asking import read_anew

    if not sheet.is_refuted:
        return sheet
    fresh, examples = read_anew(sheet)
    fresh.answers.extend(transcribe(examples))
    return fresh


def document(
    path: str | PathLike[str] | bytes,
    model: Model,
    pages: str | None = None,
    *,
    options: ConvertOptions | None = None,
    dpi: float = 200,
    password: str | None = None,
) -> Document:
    """Read a whole document; `pages` is as in `--pages 1-3,7,r1`. Raises InputError if it cannot be opened.

    >>> from vary_cli import load, convert                                      # doctest: +SKIP
    >>> print(convert("paper.pdf", load("vary-nano"), pages="1-3").pages[0].text)   # doctest: +SKIP
    """
    from vary_cli import reader

    settled = fitted(options or ConvertOptions(), model.spec)
    place = path if isinstance(path, bytes) else Path(path)
    with reader.open(place, pages, dpi=dpi, password=password, layer=settled.layer != "off") as source:
        return read(source, model, settled)


def read(source: Source, model: Model, options: ConvertOptions) -> Document:
    """All pages of an open source."""
    return Document(source.name, tuple(pages(source, model.transcribe, options)), provenance(source, model, options))


def provenance(source: Source, model: Model, options: ConvertOptions) -> dict[str, Any]:
    """Where a document's text comes from."""
    return {
        "title": source.title,
        "sha256": source.sha256,
        "page_count": source.page_count,
        "model": model.name,
        "revision": model.revision,
        "options": asdict(options),
        "vary": __version__,
    }


class _Deed(ModuleType):
    """A module that is called like the deed it holds."""

    __call__ = staticmethod(document)


sys.modules[__name__].__class__ = _Deed
