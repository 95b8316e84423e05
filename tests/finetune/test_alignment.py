"""Which text stands on which line, told by readings that err."""

from __future__ import annotations

import pymupdf
import pytest
import torch
from PIL import Image

from vary_cli.document import Line
from vary_cli.example import Example
from vary_cli.finetune.alignment import told
from vary_cli.finetune.lines import errors, filled, known, placed, places_of
from vary_cli.finetune.notebook import packed, unpacked
from vary_cli.finetune.wording import BARRIER, seen
from vary_cli.model import checkpoint, find
from vary_cli.model.glyphs import ReadGlyph

ANSWER = "The quick brown fox jumps over the lazy dog, and a second example of this kind follows it."


def texts(readings: list[str], answer: str) -> list[str | None]:
    return [None if one is None else one.text for one in told(readings, answer)]


def test_errors_of_the_reading_are_put_right() -> None:
    found = texts(
        ["Tbe quikc brown fox", "jumps overthe lazy dog,", "and a sec0nd example", "of this kind fo11ows it."], ANSWER
    )
    assert found == [
        "The quick brown fox",
        "jumps over the lazy dog,",
        "and a second example",
        "of this kind follows it.",
    ]


def test_the_order_of_lines_and_text_may_differ() -> None:
    found = texts(["second column text", "first column words"], "first column words\nsecond column text")
    assert found == ["second column text", "first column words"]


def test_a_word_cut_at_the_line_s_end_keeps_its_hyphen() -> None:
    assert texts(["a second exam-", "ple of this kind"], ANSWER) == ["a second exam-", "ple of this kind"]


def test_a_line_that_the_answer_does_not_have_is_left_out() -> None:
    assert texts(["Something else altogether", "jumps over the lazy dog,"], ANSWER)[0] is None


def test_a_line_that_could_stand_in_two_places_is_left_out() -> None:
    assert texts(["the same words"], "the same words\nother text\nthe same words") == [None]


def test_a_line_whose_edge_is_not_sure_is_left_out() -> None:
    assert texts(["ick brown fox jumps"], ANSWER) == [None]  # what stands before "ick" nobody has seen


def test_a_short_line_is_known_by_its_neighbours() -> None:
    assert texts(["first line here", "abx", "the third line"], "first line here\nabc\nthe third line")[1] == "abc"


def test_spaces_are_the_answer_s() -> None:
    assert texts(["Thequickbrownfox"], ANSWER) == ["The quick brown fox"]


def test_chinese_lines_meet_without_spaces() -> None:
    answer = "人类的一切努力的目的在于获得幸福，而幸福来自于对生活的热爱与不懈的追求。"
    assert texts(["人类的一切努刀的目的在", "于获得幸福，而幸福来自", "于对生活的热爰与不懈的追求。"], answer) == [
        answer[:11],
        answer[11:22],
        answer[22:],
    ]


def test_markdown_is_seen_as_it_is_set() -> None:
    text = "# Title *one*\n\n- item `code`\n- $x^2$ formula\n\n2. second\n\n| a | b |\n|---|---|\n| c | d |\n\n```\nraw"
    assert seen(text).split("\n") == [
        "Title one", "• item code", f"• {BARRIER} formula", "2. second", "a", "b", "c", "d", "raw",
    ]  # fmt: skip


def test_a_line_with_a_formula_is_left_out() -> None:
    assert texts(
        ["where x2 stands for it", "a plain line of words"], seen("where $x^2$ stands for it\n\na plain line of words")
    ) == [
        None,
        "a plain line of words",
    ]


def test_a_mark_of_a_list_is_as_it_was_read() -> None:
    assert texts(["– an item of a list"], seen("* an item of a list")) == ["– an item of a list"]


def test_a_misread_letter_still_says_where_it_stands() -> None:
    line = Line((100.0, 80.0, 148.0, 104.0), 100.0, 24.0)
    reading = [ReadGlyph(char, 1.0 + 2 * i, 0.9) for i, char in enumerate("abx de")]
    [one] = told(["abx de"], "abc de")
    found = placed(line, reading, one, 8)
    assert found is not None
    assert found.placed
    assert "".join(glyph.char for glyph in found.glyphs) == "abc de"
    gaps = {round(b.x - a.x) for a, b in zip(found.glyphs, found.glyphs[1:], strict=False)}
    assert gaps == {16}


def test_a_letter_that_was_not_read_has_no_place() -> None:
    line = Line((100.0, 80.0, 148.0, 104.0), 100.0, 24.0)
    reading = [ReadGlyph(char, 1.0 + 2 * i, 0.9) for i, char in enumerate("abde fgh")]
    [one] = told(["abde fgh"], "abcde fgh")
    found = placed(line, reading, one, 8)
    assert found is not None
    assert not found.placed
    assert len(found.glyphs) == 9


def test_a_space_stands_where_it_was_read() -> None:
    reading = [ReadGlyph("m", 2.0, 0.9), ReadGlyph(" ", 5.5, 0.9), ReadGlyph("i", 6.5, 0.9)]
    assert places_of("m i", reading, {0: 0, 1: 1}) == [2.0, 5.5, 6.5]
    assert places_of("m i", [reading[0], reading[2]], {0: 0, 1: 1}) == [2.0, None, 6.5]
    assert places_of("mi", reading, {0: 0, 1: 1}) == [2.0, 6.5]


def test_unknown_places_lie_between_known_ones() -> None:
    assert filled([None, 20.0, None, None, 50.0, None], 10.0, 60.0) == [15.0, 20.0, 30.0, 40.0, 50.0, 55.0]


def test_errors_do_not_count_characters_of_one_look() -> None:
    assert errors(["“a” – b"], ['"a" - b']) == (0, 7)
    assert errors(["abd"], ["abc"]) == (1, 3)


def test_words_that_only_the_answer_has_are_not_put_on_a_line() -> None:
    assert texts(["mit zwei Buchstaben"], "mit zwei geklammerten kleinen Buchstaben") == [None]
    assert texts(["The quick red brown fox"], ANSWER) == [None]


def test_a_page_s_lines_are_found_by_the_model_s_own_reading() -> None:
    model = checkpoint.load(find.resolve("vary-nano"), dtype=torch.float32).model
    lines = ["The quick brown fox jumps over the lazy dog,", "and a second example of this kind follows it."]
    document = pymupdf.open()
    page = document.new_page(width=300, height=120)
    for i, line in enumerate([*lines, "A line that nobody knows stands here."]):
        page.insert_text((20, 40 + 24 * i), line, fontsize=11)
    pixmap = page.get_pixmap(dpi=150)
    image = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    found = known(Example(image, answer=ANSWER), model)
    assert found.count == 3
    assert ["".join(glyph.char for glyph in line.glyphs) for line in found.lines] == lines
    place, again = unpacked(packed(("a", 3), found))
    assert place == ("a", 3)
    assert [line.glyphs[0].char for line in again.lines] == ["T", "a"]
    assert again.lines[0].glyphs[5].x == pytest.approx(found.lines[0].glyphs[5].x, abs=0.06)
