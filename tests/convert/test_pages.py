from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from PIL import Image, ImageDraw

import vary_cli
from vary_cli import convert
from vary_cli.convert import ConvertOptions, fitted, pages
from vary_cli.document import Account, Box, FailedPage, LayerLine, Line, PageImage, Region, Span, TextLayer
from vary_cli.errors import InputError, UsageError
from vary_cli.example import Example, Generation
from vary_cli.layout.seen import Drawn

Fake = Any  # a SimpleNamespace in the place of a model
DEFAULT = ConvertOptions()
SCALE = 2.0  # px per point of the pages below
LINES = ((50.0, 40.0, "first"), (50.0, 80.0, "second"))  # x, baseline, text; points


def span(x: float, baseline: float, text: str) -> Span:
    edges = tuple(x + 10 * i for i in range(len(text) + 1))
    return Span(text, (x, baseline - 16, edges[-1], baseline + 4), edges, baseline, 20)


def page(number: int = 1, lines: Iterable[tuple[float, float, str]] = LINES, layer: bool = True) -> PageImage:
    """A page of 200 x 150 points with bars of ink where its lines are."""
    image = Image.new("RGB", (400, 300), "white")
    spans = [span(*line) for line in lines]
    for item in spans:
        ImageDraw.Draw(image).rectangle([SCALE * side for side in item.box], "black")
    told = TextLayer(tuple(LayerLine((item,), item.box) for item in spans)) if layer else None
    return PageImage(number, str(number), image, (200, 150), told)


def px(box: Box) -> Box:
    return (SCALE * box[0], SCALE * box[1], SCALE * box[2], SCALE * box[3])


@pytest.fixture
def regions(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[Region, ...]]:
    """A region a line; pages whose number is a key here get those instead."""
    told: dict[int, tuple[Region, ...]] = {}

    def found(page: PageImage) -> tuple[Region, ...]:
        spans = [span(*line) for line in LINES]
        lines = [Line(px(s.box), SCALE * s.baseline, SCALE * s.size, (s,) if page.layer else ()) for s in spans]
        return told.get(page.number, tuple(Region("text", line.box, (line,)) for line in lines))

    monkeypatch.setattr("vary_cli.layout.with_drawn", lambda page: (found(page), Drawn()))
    return told


def echo(examples: Iterable[Example]) -> Iterator[Generation]:
    """Answers with the number of the page, a line for each."""
    for example in examples:
        text = "\n".join(example.source for _ in example.lines or (1,))
        yield Generation(text, "stop", 10, math.log(0.8), Account(read=10))


def in_batches(size: int) -> Callable[[Iterable[Example]], Iterator[Generation]]:
    """A transcriber that wants some questions before it answers any."""

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        held: list[Example] = []
        for example in examples:
            held.append(example)
            if len(held) == size:
                yield from echo(held)
                held = []
        yield from echo(held)

    return transcribe


def asked(source: Iterable[PageImage], options: ConvertOptions = DEFAULT) -> list[Example]:
    seen: list[Example] = []

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for example in examples:
            seen.append(example)
            yield from echo([example])

    list(pages(source, transcribe, options))
    return seen


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_pages_come_in_order_however_the_transcriber_batches(size: int) -> None:
    blank = page(2, lines=())
    broken = FailedPage(3, "iii", InputError("page 3 crashed", code="page_crashed"))
    found = list(pages([page(1), blank, broken, page(4), page(5, lines=())], in_batches(size)))
    assert [(p.number, p.finish) for p in found] == [
        (1, "stop"),
        (2, "blank"),
        (3, "failed"),
        (4, "stop"),
        (5, "blank"),
    ]
    assert [p.text for p in found] == ["page 1\n\npage 1", "", "", "page 4\n\npage 4", ""]
    assert (found[2].label, found[2].warnings, found[2].code) == ("iii", ("page 3 crashed",), "page_crashed")


@pytest.mark.usefixtures("regions")
def test_only_the_pages_at_work_are_pulled() -> None:
    pulled: list[int] = []

    def source() -> Iterator[PageImage]:
        for number in range(1, 100):
            pulled.append(number)
            yield page(number)

    stream = pages(source(), in_batches(4))
    assert next(stream).number == 1
    assert pulled == [1, 2]


@pytest.mark.usefixtures("regions")
def test_all_pages_go_through_one_call() -> None:
    calls = []

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        calls.append(1)
        return echo(examples)

    assert len(list(pages([page(1), page(2)], transcribe))) == 2
    assert len(calls) == 1


@pytest.mark.usefixtures("regions")
def test_a_question_is_a_crop_with_its_lines_and_the_layers_claims_in_its_px() -> None:
    first, _ = asked([page()])
    line, glyphs = (first.lines or ())[0], first.glyphs or ()
    ink = first.image.convert("L").point(lambda tone: 255 * (tone < 128)).getbbox()
    assert line.box == pytest.approx(ink, abs=1)
    assert line.em == SCALE * 20
    assert line.spans == ()
    assert "".join(glyph.char for glyph in glyphs) == "first"
    assert glyphs[0].x == pytest.approx(line.box[0] + SCALE * 5)
    assert (glyphs[0].y, glyphs[0].size, glyphs[0].line) == (line.baseline, line.em, 0)
    assert first.draft is None


@pytest.mark.usefixtures("regions")
def test_a_draft_is_the_layers_text_and_off_is_the_picture_alone() -> None:
    assert [example.draft for example in asked([page()], ConvertOptions("draft"))] == ["first", "second"]
    for example in asked([page()], ConvertOptions("off")):
        assert (example.draft, example.glyphs) == (None, None)


@pytest.mark.usefixtures("regions")
def test_a_model_of_pages_gets_the_page_and_a_draft() -> None:
    (example,) = asked([page()], ConvertOptions(reads="page", prompt="OCR: "))
    assert (example.image.size, example.prompt) == ((400, 300), "OCR: ")
    assert (example.draft, example.lines) == ("first\nsecond", None)


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(("task", "text"), [(None, "## Results\n\n$x$"), ("chart", "\\section*{Results}\n\\(x\\)")])
def test_a_page_models_answer_is_tidied_unless_it_is_no_page(task: str | None, text: str) -> None:
    answer = Generation("\\section*{Results}\n\\(x\\)", "stop", 9, 0)
    options = ConvertOptions(reads="page", task=task)
    (found,) = pages([page()], lambda examples: (answer for _ in examples), options)
    assert (found.text, found.method) == (text, "layer+model")


@pytest.mark.parametrize(("images", "count"), [("files", 1), ("embed", 1), ("none", 0)])
def test_pictures_are_cropped_named_and_linked_but_not_read(
    regions: dict[int, tuple[Region, ...]], images: Literal["files", "embed", "none"], count: int
) -> None:
    line = Line((120, 120, 200, 140), 138, 20)
    regions[3] = (Region("picture", (100, 100, 300.5, 150), (line,)), Region("text", line.box, (line,)))
    (found,) = pages([page(3)], echo, ConvertOptions(images=images))
    assert [(picture.name, picture.image.size) for picture in found.pictures] == [("p003-fig01.png", (201, 50))] * count
    assert found.text.count("](p003-fig01.png)") == count
    assert found.text.endswith("page 3")


def test_a_page_of_pictures_alone_is_not_blank(regions: dict[int, tuple[Region, ...]]) -> None:
    regions[1] = (Region("picture", (100, 72, 220, 120)),)
    (found,) = pages([page()], echo)
    assert (found.finish, len(found.pictures)) == ("stop", 1)


def test_a_page_with_nothing_to_read_in_its_regions_is_shown(regions: dict[int, tuple[Region, ...]]) -> None:
    regions[1] = (Region("table", (100, 72, 220, 120)),)
    (found,) = pages([page(layer=False)], echo)
    assert len(found.pictures) == 1
    assert found.warnings[0] == "nothing on it could be read for sure: it is shown as a picture"


@pytest.mark.parametrize("headers", ["keep", "drop", "comment"])
def test_running_heads_are_never_lost(
    regions: dict[int, tuple[Region, ...]], headers: Literal["keep", "drop", "comment"]
) -> None:
    line = Line((100, 48, 200, 88), 80, 40)
    regions[1] = (Region("header", line.box, (line,)), Region("text", line.box, (line,)))
    (found,) = pages([page(layer=False)], echo, ConvertOptions(headers=headers))
    assert found.headers == ("page 1",)
    assert found.text.count("page 1") == (1 if headers == "drop" else 2)


@pytest.mark.usefixtures("regions")
def test_the_evidence_is_that_of_all_regions() -> None:
    answers = iter(
        [
            Generation("one", "repeat", 30, math.log(0.9), Account(verified=40, corrected=40)),
            Generation("", "blank", 0, 0, Account(unverified=20)),
        ]
    )
    (found,) = pages([page()], lambda examples: (next(answers) for _ in examples))
    assert found.finish == "repeat"
    assert found.score == pytest.approx(0.9)
    assert found.account == Account(40, 40, 20)
    assert found.method == "layer+model"
    assert found.warnings == (
        "the model repeated itself and was stopped",
        "text layer and picture agree on only 40% of the characters",
    )


@pytest.mark.usefixtures("regions")
def test_a_page_whose_layer_proves_false_is_read_from_its_picture_alone() -> None:
    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for example in examples:
            wrong = Account(verified=5, corrected=30) if example.glyphs else Account(read=4)
            yield Generation("layer" if example.glyphs else "seen", "stop", 1, 0, wrong)

    false, after = pages([page(), page(2, layer=False)], transcribe)
    assert (false.text, false.method, false.account) == ("seen\n\nseen", "model", Account(read=8))
    assert false.warnings == ("its text layer says other than the page shows and was not used",)
    assert (after.number, after.text, after.warnings) == (2, "seen\n\nseen", ())


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    ("account", "layer", "method"),
    [
        (Account(verified=5), True, "layer+model"),
        (Account(unverified=5), True, "layer"),
        (Account(corrected=5), True, "model"),
        (Account(read=5), False, "model"),
    ],
)
def test_the_method_says_who_said_the_text(account: Account, layer: bool, method: str) -> None:
    answer = Generation("text", "stop", 4, 0, account)
    (found,) = pages([page(layer=layer)], lambda examples: (answer for _ in examples))
    assert found.method == method


def test_noise_is_blank_and_a_full_stop_is_not(regions: dict[int, tuple[Region, ...]]) -> None:
    paper = Image.effect_noise((800, 600), 25).point(lambda tone: min(255, tone + 110)).convert("RGB")
    noise = replace(page(), image=paper, layer=None)
    assert asked([noise]) == []
    ImageDraw.Draw(paper).ellipse((400, 300, 406, 306), "black")
    assert asked([noise]) != []


def test_text_that_does_not_show_is_told_not_read() -> None:
    white = replace(page(), image=Image.new("RGB", (400, 300), "white"))
    (found,) = pages([white], echo)
    assert (found.finish, found.text) == ("blank", "")
    assert found.warnings == ("its text layer holds 11 characters that cannot be seen on the page",)


@pytest.mark.usefixtures("regions")
def test_a_transcriber_that_loses_answers_or_lines_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="page 1 without an answer"):
        list(pages([page()], lambda examples: iter([next(echo(examples))])))
    answer = Generation("two\nlines", "stop", 1, 0)
    (found,) = pages([page()], lambda examples: (answer for _ in examples))
    assert (found.finish, found.code) == ("failed", "internal")
    assert "2 lines of text for 1" in found.warnings[0]


@pytest.mark.parametrize("turn", [0.0, 2.0])
def test_a_crooked_scan_is_read_level(turn: float) -> None:
    image = Image.new("RGB", (900, 700), "white")
    for y in range(100, 600, 50):
        ImageDraw.Draw(image).text((80, y), "the quick brown fox jumps over the lazy dog", "black", font_size=24)
    crooked = image.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor="white")
    examples = asked([PageImage(1, "1", crooked, (900, 700))])
    lines = [line for example in examples for line in example.lines or ()]
    assert len(lines) == 10
    assert all(line.box[3] - line.box[1] < 32 for line in lines)


TASKS = {"ocr": {"en": "Read.", "zh": "读。"}, "markdown": {"*": "Convert."}}


def spec(tasks: dict[str, dict[str, str]]) -> Fake:
    return SimpleNamespace(name="fake", reads="region", tasks=tasks)


@pytest.mark.parametrize(
    ("options", "prompt"),
    [
        (ConvertOptions(), "Convert."),
        (ConvertOptions(task="ocr"), "Read."),
        (ConvertOptions(task="ocr", lang="zh"), "读。"),
        (ConvertOptions(task="ocr", prompt="Why?"), "Why?"),
    ],
)
def test_the_question_is_the_models_own_words(options: ConvertOptions, prompt: str) -> None:
    assert fitted(options, spec(TASKS)).prompt == prompt


def test_a_model_without_questions_is_asked_none_and_an_unknown_task_is_an_error() -> None:
    assert fitted(ConvertOptions(), spec({})).prompt is None
    assert fitted(ConvertOptions(), spec({"ocr": {"*": ""}})).prompt is None
    with pytest.raises(UsageError, match="no task 'orc'") as caught:
        fitted(ConvertOptions(task="orc"), spec(TASKS))
    assert "ocr" in caught.value.hint


def test_the_default_layer_mode_is_the_models() -> None:
    assert ConvertOptions(reads="region").layer == "trust"
    assert ConvertOptions(reads="page").layer == "draft"
    assert ConvertOptions(reads="page", text_layer="trust").layer == "trust"


@pytest.mark.usefixtures("regions")
def test_a_document_is_one_call_away() -> None:
    data = io.BytesIO()
    page().image.save(data, "PNG")
    model: Fake = SimpleNamespace(name="fake", revision="7", spec=spec({}), transcribe=echo)
    document = convert(data.getvalue(), model, pages="1", options=ConvertOptions(headers="keep"))
    assert [p.text for p in document.pages] == ["page 1\n\npage 1"]
    known = document.provenance
    assert (known["model"], known["revision"], known["page_count"]) == ("fake", "7", 1)
    assert (known["vary"], known["options"]["headers"]) == (vary_cli.__version__, "keep")
    assert len(known["sha256"]) == 64
    with pytest.raises(UsageError, match="page 2"):
        convert(data.getvalue(), model, pages="2")


def test_the_public_names_are_two() -> None:
    assert vary_cli.__all__ == ["convert", "load"]
    assert callable(vary_cli.convert)
    with pytest.raises(AttributeError, match="has no attribute 'converts'"):
        _ = vary_cli.converts  # type: ignore[attr-defined]


@pytest.mark.parametrize(("alone", "kept"), [(True, True), (False, False)])
def test_heads_run_only_where_there_are_other_pages(
    regions: dict[int, tuple[Region, ...]], alone: bool, kept: bool
) -> None:
    line = Line((100, 48, 200, 88), 80, 40)
    regions[1] = (Region("header", line.box, (line,)), Region("text", line.box, (line,)))
    (found,) = pages([replace(page(layer=False), alone=alone)], echo)
    assert (found.text.count("page 1") == 2) is kept
    assert found.headers == ("page 1",)


@pytest.mark.parametrize(("score", "told"), [(math.log(0.9), "words"), (math.log(0.3), "")])
def test_what_cannot_be_read_for_sure_is_shown_as_a_picture(
    regions: dict[int, tuple[Region, ...]], score: float, told: str
) -> None:
    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for example in examples:
            yield Generation("\n".join("words" for _ in example.lines or ()), "stop", 5, score)

    (found,) = pages([page(lines=LINES[:1], layer=False)], transcribe)
    assert found.text.startswith(told or "![")
    assert bool(found.pictures) == (told == "")
    assert (found.finish == "blank") == (told == "")
    assert any("picture" in warning for warning in found.warnings) == (told == "")
