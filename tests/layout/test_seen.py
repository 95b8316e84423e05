"""What was read on a scan, as a text layer."""

from __future__ import annotations

from itertools import pairwise

import pytest

from vary_cli.document import Line, Region
from vary_cli.example import BOLD, ITALIC, MONO, Glyph
from vary_cli.layout import seen

EM = 30.0


def glyphs(text: str, x: float = 60.0, y: float = 100.0, size: float = EM, style: int = 0) -> list[Glyph]:
    return [Glyph(char, x + 0.5 * size * (i + 0.5), y, size, 0, style) for i, char in enumerate(text)]


def line(found: list[Glyph]) -> seen.Seen:
    box = (found[0].x - 8, found[0].y - 0.8 * EM, found[-1].x + 8, found[0].y + 0.2 * EM)
    return Line(box, found[0].y, EM), found


def test_what_was_read_stands_where_it_was_read() -> None:
    layer, scale = seen.layer(
        [line(glyphs("two words"))], seen.Drawn(rules=((0, 5, 90, 6),)), [Region("picture", (1, 2, 3, 4))]
    )
    (only,) = layer.lines
    assert scale == EM / seen.EM
    assert only.text == "two words"
    (span,) = only.spans
    assert (span.size, span.baseline) == pytest.approx((10.0, 100 / scale))
    assert list(span.edges) == sorted(span.edges)
    assert len(span.edges) == len(span.text) + 1
    assert (layer.rules, layer.pictures) == (((0, 5 / 3, 30, 2),), ((1 / 3, 2 / 3, 1, 4 / 3),))


def test_sizes_measured_with_some_error_are_one_size_and_a_heading_keeps_its_own() -> None:
    found = [line(glyphs("body text here", y=100 + 50 * i, size=EM * (1 + 0.01 * i))) for i in range(4)]
    layer, _ = seen.layer([line(glyphs("Heading", y=40, size=1.4 * EM)), *found])
    sizes = [span.size for told in layer.lines for span in told.spans]
    assert len(set(sizes[1:])) == 1
    assert sizes[0] == pytest.approx(1.38 * sizes[1], rel=0.03)


def test_a_word_has_the_style_of_most_of_its_letters() -> None:
    word = glyphs("bold")
    word[0], word[1], word[3] = (word[i]._replace(style=BOLD) for i in (0, 1, 3))
    rest = [glyph._replace(style=ITALIC if glyph.char == "e" else 0) for glyph in glyphs(" else", x=120)]
    layer, _ = seen.layer([line([*word, *rest])])
    assert [(span.text, span.bold, span.italic) for span in layer.lines[0].spans] == [
        ("bold ", True, False),
        ("else", False, False),
    ]


def test_small_and_raised_is_a_superscript() -> None:
    found = [*glyphs("x"), Glyph("2", 82, 88, 0.7 * EM, 0), *glyphs(" is", x=90)]
    layer, _ = seen.layer([line(found)])
    assert [(span.text, span.raised) for span in layer.lines[0].spans] == [("x", False), ("2", True), (" is", False)]


def test_lines_on_which_nothing_was_read_are_no_lines() -> None:
    layer, scale = seen.layer([(Line((0, 0, 9, 9), 8, 9), []), line(glyphs(" "))])
    assert (layer.lines, scale) == ((), 1.0)


def test_type_of_one_width_is_told_by_its_steps() -> None:
    even = [glyph._replace(x=60 + 0.6 * EM * (i + 0.5)) for i, glyph in enumerate(glyphs("illustration"))]
    layer, _ = seen.layer([line(even)])
    (span,) = layer.lines[0].spans
    assert span.mono
    assert [b - a for a, b in pairwise(span.edges[1:-1])] == pytest.approx([6.0] * 10)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("illustration, as ", "illustration"),
        ("illustration; as ", "illustration; "),
        ("as illustration.", "illustration."),
    ],
)
def test_a_comma_after_code_is_of_the_sentence(said: str, code: str) -> None:
    found = [glyph._replace(x=60 + 0.6 * EM * (i + 0.5), style=MONO) for i, glyph in enumerate(glyphs(said))]
    start = said.index("as")
    found[start : start + 2] = [glyph._replace(x=glyph.x - 5, style=0) for glyph in found[start : start + 2]]
    layer, _ = seen.layer([line(found)])
    assert [span.text for span in layer.lines[0].spans if span.mono] == [code]


def test_what_the_pixels_say_is_told_as_a_layers_analysis() -> None:
    found = [Region("heading", (60, 76, 300, 106)), Region("header", (0, 0, 90, 30)), Region("text", (0, 0, 9, 9))]
    drawn = seen.Drawn(shades=((30, 60, 330, 120),))
    layer, scale = seen.layer([line(glyphs("A heading"))], drawn, found)
    assert [(area.kind, area.box) for area in layer.areas] == [
        ("section-header", tuple(edge / scale for edge in (60, 76, 300, 106))),
        ("page-header", tuple(edge / scale for edge in (0, 0, 90, 30))),
    ]
    assert layer.shades == (tuple(edge / scale for edge in (30, 60, 330, 120)),)


@pytest.mark.parametrize(("spoken", "said"), [("as Table 1 says", "Table 1: words"), ("as it says", "Table I: words")])
def test_a_caption_has_the_number_by_which_the_text_speaks_of_it(spoken: str, said: str) -> None:
    layer, _ = seen.layer([line(glyphs("Table I: words")), line(glyphs(spoken, y=160))])
    assert layer.lines[0].text == said
