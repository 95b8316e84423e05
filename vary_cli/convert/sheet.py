"""One page between picture and text: its regions, the answers that came, what they make together. Knows no model."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from vary_cli import boxes, compose
from vary_cli.convert import TASKS, ConvertOptions, displays, letters, phrases, reread
from vary_cli.convert.crops import picture
from vary_cli.convert.evidence import complaints, is_text, method, score, worst
from vary_cli.document import Account, Box, FailedPage, PageImage, PageText, Picture, Region
from vary_cli.example import Example, Generation
from vary_cli.layout.seen import NOTHING, Drawn
from vary_cli.tidy import tidy

REFUTED = 20
"""Characters that must have been read otherwise before a layer is given up."""
ILLEGIBLE = "nothing on it could be read for sure: it is shown as a picture"
UNREADABLE = "some of what looks like text could not be read for sure: it is shown as a picture"
BLURRED = 0.5
"""Of a display formula: where more of it could not be read, its letters are noise."""
UNREAD, LETTERS = "formula that could not be read", "; its letters follow"


@dataclass
class Sheet:
    """A page at work."""

    page: PageImage | FailedPage
    """Without its layer; level, and with its picture if it may have to be laid out once more."""
    options: ConvertOptions
    regions: tuple[Region, ...] = ()
    pictures: dict[int, Picture] = field(default_factory=dict)
    """By the index of their region."""
    layered: bool = False
    """A text layer is used."""
    warnings: tuple[str, ...] = ()
    drawn: Drawn = NOTHING
    """What is drawn on a page without a layer besides letters and pictures."""
    expected: int = 0
    """How many answers there will be."""
    answers: list[Generation] = field(default_factory=list)
    relaid: bool = False
    """The regions are those that the answers told, not those that were asked for."""
    unread: tuple[Box, ...] = ()
    """Where something looked like text and could not be read for sure, px."""
    translations: list[Example] = field(default_factory=list)
    """What is asked then: of each of the display formulas, then of those within lines."""
    places: list[phrases.Place] = field(default_factory=list)
    """Where the formulas within lines stand."""
    formulas: list[Generation] = field(default_factory=list)
    """What was answered to that."""
    begun: float = field(default_factory=time.perf_counter)

    @property
    def complete(self) -> bool:
        """Whether all answers are there."""
        return len(self.answers) == self.expected

    @property
    def account(self) -> Account:
        """How its characters came about."""
        return sum((answer.account for answer in self.evidence), Account())

    @property
    def evidence(self) -> list[Generation]:
        """The answers that speak for the text: those about formulas within lines only add to what was read there."""
        return [*self.answers, *self.formulas[: self.displayed]]

    @property
    def displayed(self) -> int:
        """How many of the formulas that were asked for are displays."""
        return len(self.translations) - len(self.places)

    @property
    def is_refuted(self) -> bool:
        """Whether the model read another text than the layer says: its places are then no better than its words."""
        account = self.account
        return self.layered and account.corrected >= REFUTED and account.corrected > account.verified

    def show_as_picture(self) -> None:
        """Nothing is told of the page but that it is a picture."""
        assert isinstance(self.page, PageImage)
        whole = (0.0, 0.0, float(self.page.image.width), float(self.page.image.height))
        self.regions, self.answers = (Region("picture", whole),), [Generation("", "blank", 0, 0.0)]
        self.warnings = (*self.warnings, ILLEGIBLE)

    def text(self) -> PageText:
        """The page as Markdown, with the evidence."""
        page = PageText(
            self.page.number, self.page.label, "", "blank", "blank", seconds=time.perf_counter() - self.begun
        )
        if isinstance(self.page, FailedPage):
            error = self.page.error
            told = (error.message, error.hint) if error.hint else (error.message,)
            return replace(page, finish="failed", method="none", warnings=told, code=error.code)
        if not self.regions and not self.answers:
            return replace(page, warnings=self.warnings)
        text, headers = self.written()
        account, answers = self.account, self.evidence
        return replace(
            page,
            text=text,
            headers=headers,
            pictures=tuple(self.pictures.values()),
            finish=worst(answers),
            method=method(account, self.layered),
            score=score(answers),
            account=account,
            warnings=(*self.warnings, *complaints(answers, account)),
        )

    def written(self) -> tuple[str, tuple[str, ...]]:
        """The answers put together: the text, and the running heads and feet."""
        if self.options.reads == "page":
            text = "\n\n".join(answer.text for answer in self.answers)
            return (tidy(text) if self.options.task in (None, *TASKS) else text.strip()), ()
        texts, formulas = self.told(), iter(self.formulas)
        self.regions = self.worded()
        shown = [self.shown(i, region, texts[i], formulas) for i, region in enumerate(self.regions)]
        return compose.page([one for one, _ in shown], [lines for _, lines in shown], headers=self.headers)

    def worded(self) -> tuple[Region, ...]:
        """The regions, their lines with the formulas in them that can be told in LaTeX."""
        if not self.relaid:
            return self.regions
        told = map(phrases.vouched, self.formulas[self.displayed :])
        return phrases.told(self.regions, dict(zip(self.places, told, strict=True)))

    @property
    def headers(self) -> compose.Headers:
        """What becomes of heads and feet."""
        if self.options.headers != "auto":
            return self.options.headers
        return "words" if isinstance(self.page, PageImage) and self.page.alone else "drop"

    def told(self) -> list[tuple[str, ...]]:
        """What was read in each region."""
        assert isinstance(self.page, PageImage)
        self.pictures = pictured(self.page, self.regions, self.options)
        answers = iter(self.answers)
        return [self.lines(i, region, answers) for i, region in enumerate(self.regions)]

    def lay_out_again(self) -> None:
        """Lay a scan out by what was read on it, if that can be told, and ask for its formulas."""
        if self.layered or not self.regions or not isinstance(self.page, PageImage):
            return
        if not is_text(self.answers) or not any(region.is_read or region.kind == "picture" for region in self.regions):
            self.show_as_picture()
            return
        question = self.options.formula
        found = reread.relaid(self.page, self.regions, self.answers, self.drawn, question is not None)
        if found is None or not found.regions:
            return
        self.regions, self.relaid = found.regions, True
        self.unread = found.unread
        self.warnings += (UNREADABLE,) * bool(found.unread)
        if question is None:
            return
        shown = [region for region in self.regions if region.kind == "formula"]
        self.translations = [displays.example(self.page, region, question) for region in shown]
        within = list(phrases.found(self.regions))
        self.places = [place for place, _ in within]
        self.translations += [
            phrases.example(self.page, self.regions[place.region].lines[place.line], phrase, found.scale, question)
            for place, phrase in within
        ]

    def shown(
        self, index: int, region: Region, texts: tuple[str, ...], formulas: Iterator[Generation]
    ) -> tuple[Region, tuple[str, ...]]:
        """A region and its texts; a display formula that cannot be told in LaTeX as a picture and its letters."""
        if region.kind != "formula":
            return region, texts
        answer = next(formulas) if self.relaid else None
        latex = displays.vouched(answer, region.marker) if answer else compose.formula(region, texts)
        if latex is not None:
            return (replace(region, lines=()), (latex,)) if self.relaid else (region, texts)
        if self.options.images == "none":
            return (replace(region, kind="text") if self.relaid else region), texts
        assert isinstance(self.page, PageImage)
        self.pictures[index] = picture(self.page, region.box, len(self.pictures) + 1)
        width = (region.box[2] - region.box[0]) / max(1.0, region.em)
        said = letters.spelled(answer.glyphs or (), width) if answer else " ".join(texts)
        said = "" if any(boxes.share(region.box, box) > BLURRED for box in self.unread) else said
        name = self.pictures[index].name
        described: tuple[str, ...] = (name, said)
        if not letters.are_words(said):
            said += f" ({region.marker})" * bool(said and self.relaid and region.marker)
            described = (name, UNREAD + LETTERS * bool(said), said)
        return replace(region, kind="picture", lines=()), described

    def lines(self, index: int, region: Region, answers: Iterator[Generation]) -> tuple[str, ...]:
        """What stands in a region: a text for each of its lines, or a picture's name."""
        if index in self.pictures:
            return (self.pictures[index].name,)
        if self.relaid:
            return tuple(line.text for line in region.lines)
        if not region.is_read:
            return ()
        texts = tuple(next(answers).text.split("\n"))
        if len(texts) != len(region.lines):
            raise RuntimeError(f"the transcriber gave {len(texts)} lines of text for {len(region.lines)} on the page")
        return texts


def pictured(page: PageImage, regions: Sequence[Region], options: ConvertOptions) -> dict[int, Picture]:
    """The pictures on a page by the index of their region, if they are wanted."""
    found = [i for i, region in enumerate(regions) if region.kind == "picture"] if options.images != "none" else []
    return {i: picture(page, regions[i].box, k) for k, i in enumerate(found, 1)}
