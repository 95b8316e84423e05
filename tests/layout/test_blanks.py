"""Blanks: where a line has room for them, and only there."""

from __future__ import annotations

from vary_cli.document import Line
from vary_cli.example import Glyph
from vary_cli.layout import blanks, pace

EM = 30.0
LETTER, BETWEEN, BLANK = 12.0, 2.0, 9.0
"""px: ink of a letter, white between two, and more white where a blank stands."""


def line(true: str, read: str, letter: float = LETTER, blank: float = BLANK) -> tuple[Line, list[Glyph]]:
    """A line on which `true` stands and `read` was read; the letters are the same, the blanks are not."""
    places: list[float] = []
    gaps: list[tuple[float, float]] = []
    x = 60.0
    for i, char in enumerate(true):
        if char == " ":
            gaps[-1] = (gaps[-1][0], gaps[-1][1] + blank)
            x += blank
            continue
        places.append(x + letter / 2)
        x += letter + BETWEEN
        if i + 1 < len(true):
            gaps.append((x - BETWEEN, x))
    rest = iter(places)
    glyphs = []
    for char in read:
        at = next(rest) if char != " " else glyphs[-1].x + letter / 2 + 1
        glyphs.append(Glyph(char, at, 100, EM, 0))
    return Line((60, 78, x, 106), 100, EM, gaps=tuple(gaps)), glyphs


def settled(true: str, read: str) -> str:
    found, glyphs = line(true, read)
    return "".join(glyph.char for glyph in blanks.settled(found, glyphs, [0.0] * len(glyphs)))


def test_a_blank_that_was_overlooked_stands_where_there_is_room() -> None:
    assert settled("some of your own library", "some of yourown library") == "some of your own library"


def test_a_blank_that_was_read_without_room_is_none() -> None:
    assert settled("if you're the one", "if you' re the one") == "if you're the one"


def test_the_only_blank_of_a_heading_is_found() -> None:
    assert settled("Environment Variables", "EnvironmentVariables") == "Environment Variables"


def test_letters_of_an_alphabet_that_are_listed_stand_apart() -> None:
    assert settled("𝔸𝔹 ℂ𝔻𝔼", "𝔸𝔹ℂ𝔻𝔼") == "𝔸 𝔹 ℂ 𝔻 𝔼"
    assert settled("f∈ℝℂ x", "f∈ℝℂ x") == "f∈ℝℂ x"


def test_room_about_chinese_signs_is_their_own() -> None:
    assert settled("正文， sm2 的", "正文，sm2 的") == "正文，sm2 的"


def test_without_the_white_of_a_line_what_was_read_stays() -> None:
    found, glyphs = line("two words", "twowords")
    bare = Line(found.box, found.baseline, found.em)
    assert blanks.settled(bare, glyphs, [0.0] * len(glyphs)) == glyphs


def test_in_type_of_one_width_steps_tell_blanks() -> None:
    found, glyphs = line("list of illustrations.", "l ist ofillustrations.", blank=LETTER + BETWEEN)
    steps = pace.steps(glyphs, (LETTER + BETWEEN) / 0.6)
    assert all(step for glyph, step in zip(glyphs, steps, strict=True) if glyph.char != " ")
    said = "".join(glyph.char for glyph in blanks.settled(found, glyphs, steps))
    assert said == "list of illustrations."


def test_a_quotation_has_blanks_around_it_and_none_within() -> None:
    assert settled("the own “word” is read", "the own“word”is read") == "the own “word” is read"
    assert settled("the readers’ own words", "the readers’own words") == "the readers’ own words"
    assert settled("don’t read it", "don’t read it") == "don’t read it"


def test_before_a_full_stop_there_is_less_room_than_a_blank() -> None:
    found, glyphs = line("see it in a file.gz now", "see it in a file .gz now")
    wide = tuple((a, b + 0.4 * BLANK) if abs(a - glyphs[16].x) < LETTER else (a, b) for a, b in found.gaps)
    loose = Line(found.box, found.baseline, found.em, gaps=wide)
    said = "".join(glyph.char for glyph in blanks.settled(loose, glyphs, [0.0] * len(glyphs)))
    assert said == "see it in a file.gz now"


def test_figures_far_apart_are_parted_though_no_blank_was_read() -> None:
    found, glyphs = line("ab 7 7 cd", "ab 77 cd", blank=6 * EM)
    assert "".join(glyph.char for glyph in blanks.settled(found, glyphs, [0.0] * len(glyphs))) == "ab 7 7 cd"


def test_in_type_of_one_width_much_white_is_a_blank_though_it_is_a_narrow_one() -> None:
    found, glyphs = line("mpfr,mpc, mpz_set", "mpfr,mpc,mpz_set", blank=0.55 * (LETTER + BETWEEN))
    thin = tuple((a - 0.3 * LETTER, b) if b - a > BETWEEN else (a, b) for a, b in found.gaps)  # beside a comma
    loose = Line(found.box, found.baseline, found.em, gaps=thin)
    steps = [LETTER + BETWEEN] * len(glyphs)
    assert "".join(glyph.char for glyph in blanks.settled(loose, glyphs, steps)) == "mpfr,mpc, mpz_set"
    assert "".join(glyph.char for glyph in blanks.settled(found, glyphs, steps)) == "mpfr,mpc,mpz_set"
