"""Formulas of scans, displays and those within lines: what is asked of them, and what becomes of the answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from PIL import Image, ImageDraw, ImageFont

from vary_cli.convert import ConvertOptions, fitted, pages
from vary_cli.document import Account, PageImage, PageText
from vary_cli.example import Example, Generation, Glyph

QUESTION = "Convert this formula."
ASKING = ConvertOptions(formula=QUESTION)
PROSE = "the quick brown fox jumps over the lazy dog and runs away"
SIZE = 26
FONT: Any = ImageFont.load_default(SIZE)
FORMULA, NUMBER = ((440, 260), "a = b + c"), ((800, 260), "(3)")
DRAWN = (*(((120, y), PROSE) for y in (100, 136, 172, 360, 396, 432)), FORMULA, NUMBER)
LATEX = Generation(r"a = \frac{b}{c}", "stop", 8, math.log(0.97))
NOTE = "formula that could not be read"


def page(number: int = 1, formula: bool = True) -> PageImage:
    """Two paragraphs, and perhaps a formula with its number between them."""
    image = Image.new("RGB", (1000, 800), "white")
    draw = ImageDraw.Draw(image)
    for place, text in DRAWN:
        if formula or text == PROSE:
            draw.text(place, text, "black", FONT)
    return PageImage(number, str(number), image, (500, 400))


def reader(answers: Iterable[Generation], asked: list[Example] | None = None) -> Any:  # noqa: ANN401
    """A transcriber that reads lines, and says these answers to what has no lines."""
    told = iter(answers)

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for example in examples:
            if asked is not None:
                asked.append(example)
            yield next(told) if example.lines is None else read(example)

    return transcribe


def read(example: Example) -> Generation:
    """The lines of an example, told by how long they are, their characters where they were drawn."""
    glyphs: list[Glyph] = []
    texts = []
    for number, line in enumerate(example.lines or ()):
        width = (line.box[2] - line.box[0]) / SIZE
        items = [(0, PROSE)] if width > 20 else [(0, FORMULA[1]), (NUMBER[0][0] - FORMULA[0][0], NUMBER[1])]
        texts.append(" ".join(text for _, text in items))
        for start, text in items:
            ends = [line.box[0] + start + FONT.getlength(text[:i]) for i in range(len(text) + 1)]
            places = [(one + two) / 2 for one, two in pairwise(ends)]
            glyphs += [Glyph(char, x, line.baseline, line.em, number) for char, x in zip(text, places, strict=True)]
    return Generation("\n".join(texts), "stop", len(glyphs), 0.0, Account(read=len(glyphs)), tuple(glyphs))


def test_a_display_is_asked_for_by_itself_and_stands_as_latex_with_its_number() -> None:
    asked: list[Example] = []
    (found,) = pages([page()], reader([LATEX], asked), ASKING)
    above, latex, below = found.text.split("\n\n")
    assert latex == "$$\na = \\frac{b}{c}\\tag{3}\n$$"
    assert above == below == " ".join([PROSE] * 3)
    formula = asked[-1]
    assert (formula.prompt, formula.lines, formula.source) == (QUESTION, None, "page 1")
    assert all(example.lines for example in asked[:-1])


def test_the_question_shows_the_formula_alone_on_its_paper() -> None:
    asked: list[Example] = []
    list(pages([page()], reader([LATEX], asked), ASKING))
    formula = asked[-1]
    assert formula.em == pytest.approx(26, abs=5)
    ink = formula.image.convert("L").point(lambda tone: 255 * (tone < 128)).getbbox()
    drawn = ImageDraw.Draw(page().image).textbbox(*FORMULA, FONT)
    room = 0.3 * formula.em
    assert ink is not None
    assert (ink[2] - ink[0], ink[3] - ink[1]) == pytest.approx((drawn[2] - drawn[0], drawn[3] - drawn[1]), abs=3)
    assert (ink[0], ink[1]) == pytest.approx((room, room), abs=2)
    assert formula.image.size == pytest.approx((ink[2] + room, ink[3] + room), abs=3)


@pytest.mark.parametrize(
    "answer",
    [
        Generation(r"a = \frac{b}{c", "stop", 8, 0.0),
        Generation(r"\input{secret}", "stop", 8, 0.0),
        Generation("", "blank", 0, 0.0),
        Generation(r"a = \frac{b}{c}", "length", 8, 0.0),
        Generation(r"a = \frac{b}{c}", "stop", 8, math.log(0.95), probability=0.3),
        Generation("page", "stop", 8, 0.0),
    ],
    ids=["broken", "forbidden", "blank", "cut off", "unsure", "a word"],
)
@pytest.mark.parametrize("images", ["files", "none"])
def test_what_cannot_be_vouched_for_is_a_picture_or_the_lines_as_read(
    answer: Generation, images: Literal["files", "none"]
) -> None:
    (found,) = pages([page()], reader([answer]), ConvertOptions(images=images, formula=QUESTION))
    assert "$$" not in found.text
    if images == "files":
        assert f"![{NOTE}](p001-fig01.png)" in found.text
        assert [shown.name for shown in found.pictures] == ["p001-fig01.png"]
    else:
        assert "a=b+c" in found.text.replace(" ", "")
        assert NOTE not in found.text


def test_below_the_picture_of_a_formula_stand_the_letters_that_were_named_on_it() -> None:
    places = [("H", 10.0, 40.0, 20.0), ("0", 20.0, 44.0, 13.0), (":", 30.0, 40.0, 20.0), ("θ", 46.0, 40.0, 20.0)]
    places += [("^", 50.0, 31.0, 20.0), ("=", 66.0, 40.0, 20.0), ("1", 88.0, 26.0, 20.0), ("2", 88.0, 54.0, 20.0)]
    named = tuple(Glyph(char, x, y, size, 0) for char, x, y, size in places)
    unsure = Generation("H", "stop", 8, math.log(0.95), glyphs=named, probability=0.3)
    (found,) = pages([page()], reader([unsure]), ASKING)
    assert f"![{NOTE}; its letters follow](p001-fig01.png)\n\n1 H0: θ̂ = 2 (3)\n\n" in found.text
    (found,) = pages([page()], reader([replace(unsure, glyphs=named[:1])]), ASKING)
    assert f"![{NOTE}](p001-fig01.png)\n\n{PROSE}" in found.text


def test_a_drawing_with_words_that_was_taken_for_a_formula_is_a_picture() -> None:
    named = tuple(Glyph(char, 10.0 * i, 40.0, 20.0, 0) for i, char in enumerate("lines") if char != " ")
    (found,) = pages(
        [page()], reader([Generation("H", "stop", 8, math.log(0.95), glyphs=named, probability=0.3)]), ASKING
    )
    assert "![lines](p001-fig01.png)" in found.text


WITHIN = PROSE.replace("fox", "θ")
THETA = Generation(r"\hat{\theta}", "stop", 4, math.log(0.97))


def with_theta(example: Example) -> Generation:
    """The lines of an example, each with a Greek letter for one of the words."""
    found = read(example)
    start = PROSE.index("fox")
    glyphs = [
        glyph._replace(char="θ") if number % len(PROSE) == start + 1 else glyph
        for number, glyph in enumerate(found.glyphs or ())
        if number % len(PROSE) not in (start, start + 2)
    ]
    return replace(found, text=found.text.replace("fox", "θ"), glyphs=tuple(glyphs))


def within(answer: Generation) -> tuple[PageText, list[Example]]:
    """A page with a formula in each of its lines, about which the model says this, and what it was asked."""
    asked: list[Example] = []

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for example in examples:
            asked.append(example)
            yield answer if example.lines is None else with_theta(example)

    (found,) = pages([page(formula=False)], transcribe, ASKING)
    return found, asked


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (THETA, r"$\hat{\theta}$"),
        (replace(THETA, text=r"\theta"), "θ"),
        (replace(THETA, text=r"\underline{name}"), "θ"),
        (replace(THETA, probability=0.3), "θ"),
        (replace(THETA, text=r"\hat{\theta"), "θ"),
        (replace(THETA, glyphs=(Glyph("n", 0, 0, 20, 0),)), "θ"),
    ],
    ids=["sure", "no more than text", "a word", "unsure", "broken", "invented"],
)
def test_a_formula_within_a_line_is_latex_if_it_can_be_vouched_for(answer: Generation, said: str) -> None:
    found, asked = within(answer)
    assert found.text.split("\n\n") == [" ".join([WITHIN.replace("θ", said)] * 3)] * 2
    formulas = [example for example in asked if example.lines is None]
    assert len(formulas) == 6
    assert {example.prompt for example in formulas} == {QUESTION}


def test_the_question_shows_what_stands_there_and_not_its_neighbours() -> None:
    _, asked = within(THETA)
    shown = asked[-1].image.convert("L").point(lambda tone: 255 * (tone < 128)).getbbox()
    assert shown is not None
    o = FONT.getbbox("o")  # the middle one of the letters that were taken for one
    assert o[2] - o[0] - 3 <= shown[2] - shown[0] <= FONT.getlength("fox") + 2
    assert shown[3] - shown[1] < 1.2 * SIZE


def test_a_model_that_cannot_translate_formulas_is_not_asked_and_reads_their_lines() -> None:
    asked: list[Example] = []
    (found,) = pages([page()], reader([], asked))
    assert all(example.lines for example in asked)
    assert "a=b+c" in found.text.replace(" ", "")


def test_only_pages_with_formulas_cost_another_call() -> None:
    calls: list[int] = []

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        calls.append(1)
        return iter(reader([LATEX])(examples))

    assert len(list(pages([page(1, False), page(2), page(3, False)], transcribe, ASKING))) == 3
    assert len(calls) == 2


def test_the_evidence_holds_the_answers_about_formulas() -> None:
    repeated = Generation("a", "repeat", 1000, math.log(0.5), Account(read=7))
    (found,) = pages([page()], reader([repeated]), ASKING)
    (plain,) = pages([page()], reader([]))
    assert (found.finish, plain.finish) == ("repeat", "stop")
    assert found.account.read == plain.account.read + 7
    assert found.score < plain.score
    assert found.warnings == ("the model repeated itself and was stopped",)


@pytest.mark.parametrize(
    ("options", "reads", "question"),
    [
        (ConvertOptions(), "region", QUESTION),
        (ConvertOptions(task="ocr"), "region", QUESTION),
        (ConvertOptions(task="table"), "region", None),
        (ConvertOptions(prompt="Why?"), "region", None),
        (ConvertOptions(), "page", None),
    ],
)
def test_formulas_are_asked_for_where_a_model_reads_regions_as_text(
    options: ConvertOptions, reads: str, question: str | None
) -> None:
    tasks = {"ocr": {"*": ""}, "table": {"*": "Table."}, "formula": {"*": QUESTION}}
    spec: Any = SimpleNamespace(name="fake", reads=reads, tasks=tasks)
    assert fitted(options, spec).formula == question


def test_a_model_without_the_task_has_no_question_for_formulas() -> None:
    spec: Any = SimpleNamespace(name="fake", reads="region", tasks={"ocr": {"*": ""}})
    assert fitted(ConvertOptions(), spec).formula is None
