"""Batches: their draw, their targets, their independence of what ran before and of who else draws."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from shrunken import spec, tokenizer
from small import Entry, bars, formulas, lines_spec, pages

from vary_cli.errors import DataError
from vary_cli.finetune.augment import KnownLine, Strip, known_strips, strips
from vary_cli.finetune.course import Share, course
from vary_cli.finetune.curriculum import Curriculum
from vary_cli.finetune.lesson import Lesson
from vary_cli.finetune.lines import Known
from vary_cli.finetune.mixture import Mixture, Place, mixture
from vary_cli.finetune.papers import Papers
from vary_cli.finetune.rounds import Rounds, groups, lesson

WORDS = tokenizer()


def sets(held: float = 0.0, seed: int = 1, **weights: float) -> Mixture:
    return mixture({"a": pages(20), "b": pages(5)}, weights, held, seed)


def rounds(seed: int = 1, known: dict | None = None, entries: list[Entry] | None = None) -> Rounds:
    drawn = mixture({"bars": entries or bars(10)}, {}, 0.0, seed)
    return Rounds(drawn, known or {}, lines_spec(), cells=60, batches=5)


def papers(size: int = 4, length: int = 512, held: float = 0.0) -> Papers:
    return Papers(sets(held), spec("vary_tiny"), WORDS, size, length)


def same(one: Lesson, other: Lesson) -> bool:
    return torch.equal(one.batch.pixels["vocabulary"], other.batch.pixels["vocabulary"])


def test_a_round_depends_on_seed_and_number_alone() -> None:
    first, again = rounds()[3], rounds()
    again[2]
    assert len(first) == 5
    assert all(same(one, other) for one, other in zip(first, again[3], strict=True))
    assert not same(first[0], rounds(seed=2)[3][0])


def test_lessons_of_a_round_are_about_as_large_as_was_said() -> None:
    sizes = [one.batch.pixels["vocabulary"].shape[-1] // 8 * len(one.batch.ids) for one in rounds()[0]]
    assert all(30 <= cells <= 150 for cells in sizes)


def test_two_processes_learn_what_one_does() -> None:
    for sheaves in (rounds(), papers()):
        alone = list(islice(course(sheaves, 2, 0), 7))
        shared = [list(islice(course(sheaves, 2, 0, Share(rank, 2)), 7)) for rank in (0, 1)]
        for step, lessons in enumerate(alone):
            assert same(lessons[0], shared[0][step][0])
            assert same(lessons[1], shared[1][step][0])


def test_a_course_is_found_again_at_any_step() -> None:
    for sheaves in (rounds(), papers()):
        whole = list(islice(course(sheaves, 1, 0), 8))
        for first in (1, 5, 6):
            assert same(whole[first][0], next(course(sheaves, 1, first))[0])


def test_workers_do_not_change_the_order() -> None:
    alone, helped = course(rounds(), 1, 0), course(rounds(), 1, 0, workers=1)
    assert all(same(next(alone)[0], next(helped)[0]) for _ in range(6))


def test_formulas_and_lines_have_lessons_of_their_own() -> None:
    drawn = mixture({"bars": bars(10), "formulas": formulas(12)}, {"bars": 0.5, "formulas": 0.5}, 0.0, 1)
    lessons = Rounds(drawn, {}, lines_spec(), cells=120, batches=6)[0]
    assert len(lessons) == 6
    kinds = {len(one.glyphs.lengths) > 0 for one in lessons if one.glyphs is not None}
    assert kinds == {True, False}
    for one in lessons:
        assert one.glyphs is not None
        is_line = len(one.glyphs.lengths) > 0
        assert is_line == (one.batch.pixels["vocabulary"].shape[2] == 32) or not is_line


def test_batches_have_few_shapes() -> None:
    wide = [Strip(np.zeros((32, width), np.uint8), ()) for width in (10, 12, 14, 100, 110, 120, 130, 250)]
    high = [Strip(np.zeros((32 * rows, 90), np.uint8), (), is_block=True) for rows in (2, 7, 7, 8, 1)]
    found = list(groups([*high, *wide], 64, 8))
    assert [group.shape for group in found] == [(1, 32), (1, 16), (1, 16), (8, 16), (8, 16), (8, 16), (2, 16)]
    for group in found:
        assert len(group.strips) == max(1, 64 // (group.shape[0] * group.shape[1]))
        batch = lesson(group.strips, lines_spec(), group.shape).batch
        assert batch.pixels["vocabulary"].shape[2:] == (32 * group.shape[0], 8 * group.shape[1])
    assert [strip.pixels.shape[1] for strip in found[0].strips] == [250, 130]


def test_a_last_batch_is_filled_up_or_given_up() -> None:
    strips = [Strip(np.zeros((32, 100 + i), np.uint8), ()) for i in range(6)]
    assert [len({id(strip) for strip in group.strips}) for group in groups(strips, 64, 8)] == [4, 2]
    assert [len(group.strips) for group in groups(strips, 64, 8)] == [4, 4]
    assert [len(group.strips) for group in groups(strips[:5], 64, 8)] == [4]


def test_each_example_is_drawn_once_before_one_is_drawn_again() -> None:
    drawn = mixture({"a": pages(7)}, {}, 0.0, 0)
    first, second = drawn.draws(0, 7), drawn.draws(7, 14)
    assert sorted(first) == sorted(second) == [("a", index) for index in range(7)]
    assert first != second
    assert drawn.draws(3, 6) == first[3:6]


def test_weights_say_how_much_is_drawn_of_each() -> None:
    drawn = [name for name, _ in sets(a=1.0, b=3.0).draws(0, 400)]
    assert drawn.count("b") == 300
    assert [name for name, _ in sets().draws(0, 25)].count("b") == 5


def curriculum(length: int) -> Mixture:
    """From lines by way of both to pages."""
    sets = {"lines": bars(10), "pages": bars(6)}
    return replace(mixture(sets, {"lines": (1.0, 0.0), "pages": (0.0, 1.0)}, 0.0, 1), length=length)


def test_shares_may_change_on_the_way() -> None:
    found = curriculum(400)
    tenths = [Counter(name for name, _ in found.draws(first, first + 40)) for first in range(0, 400, 40)]
    assert [tenth["lines"] for tenth in tenths] == [38, 34, 30, 26, 22, 18, 14, 10, 6, 2]
    assert Counter(name for name, _ in found.draws(400, 500)) == {"pages": 100}


def test_a_draw_of_a_curriculum_depends_on_its_number_alone() -> None:
    found = curriculum(400)

    def drawn(*ends: tuple[int, int]) -> Counter[Place]:
        return Counter(place for end in ends for place in found.draws(*end))

    assert drawn((0, 90), (90, 91), (91, 300)) == drawn((0, 300))


def test_rounds_follow_the_curriculum() -> None:
    at = Curriculum(replace(rounds(), mixture=curriculum(10)))
    assert at.batches == len(at[0]) == 5
    assert set(at.rounds.mixture.at(0).shares) == {"lines"}
    assert at.rounds.mixture.at(5).shares == {"lines": 0.5, "pages": 0.5}
    assert set(at.rounds.mixture.at(10).shares) == set(at.rounds.mixture.at(99).shares) == {"pages"}
    alone = replace(rounds(), mixture=mixture({"lines": bars(10), "pages": bars(6)}, {"lines": 1, "pages": 1}, 0.0, 1))
    assert all(same(one, other) for one, other in zip(Curriculum(alone)[3], alone[3], strict=True))


def test_a_set_that_never_counts_is_named() -> None:
    with pytest.raises(DataError, match="b weighs nothing"):
        mixture({"a": pages(2), "b": pages(2)}, {"a": 1.0, "b": (0.0, 0.0)}, 0.0, 0)
    with pytest.raises(DataError, match="no set weighs anything"):
        mixture({"a": pages(2), "b": pages(2)}, {"a": (1.0, 0.0), "b": (1.0, 0.0)}, 0.0, 0)


def test_what_is_kept_out_is_never_drawn() -> None:
    found = sets(held=0.2)
    held = set(found.kept_out())
    assert len(held) == 5
    assert not held & set(found.draws(0, 200))


def test_a_set_without_a_weight_beside_one_with_it_is_refused() -> None:
    with pytest.raises(DataError, match="some have none"):
        mixture({"a": pages(2), "b": pages(2)}, {"a": 1.0}, 0.0, 0)


def test_strips_say_what_their_glyphs_say() -> None:
    chance = random.Random(0)
    for entry in bars(20):
        for strip in strips(entry.example(), chance):
            assert strip.pixels.shape[0] == 32
            assert all(0 <= g.x < strip.pixels.shape[1] for g in strip.glyphs)
            assert "".join(g.char for g in strip.glyphs) == entry.text


def test_letters_without_a_size_are_no_lines() -> None:
    (entry,) = bars(1)
    example = entry.example()
    hidden = tuple(glyph._replace(size=0.0, line=99) for glyph in example.glyphs or ())
    with_hidden = replace(example, glyphs=(*(example.glyphs or ()), *hidden))
    one, other = (list(strips(shown, random.Random(3))) for shown in (example, with_hidden))
    assert len(one) == len(other) > 0


def test_a_line_without_places_teaches_its_sequence_alone() -> None:
    entry = bars(4)[3]
    [strip] = strips(entry.example(), random.Random(3))
    line = KnownLine(line_of(entry), entry.glyphs or (), placed=False)
    [known] = known_strips(entry.example().image, [line], random.Random(3))
    made = lesson([known], lines_spec())
    assert made.counts == {"write": 0, "cells": 0, "sequence": 1, "han": 0, "traits": 0}
    assert made.tokens == len(entry.text) == len(strip.glyphs)


def line_of(entry: Entry):  # noqa: ANN201
    from vary_cli.finetune.judge import outlined

    return outlined(entry.glyphs or ()).line


def test_pictures_without_a_known_line_are_left_out() -> None:
    none = {("bars", index): Known((), False, 3) for index in range(9)}
    assert {index for index in islice(rounds(known=none).order("bars", random.Random(0)), 5)} == {9}
    none[("bars", 9)] = Known((), False, 1)
    with pytest.raises(DataError, match="no line whose text is known"):
        rounds(known=none)[0]


def test_examples_that_give_no_strip_are_named() -> None:
    blank = [Entry("x", glyphs=())]
    with pytest.raises(DataError, match="bars gives no line"):
        rounds(entries=blank)[0]


def test_pages_of_a_batch_are_of_like_length() -> None:
    found = papers()
    spread = [{len(found.mixture.entry(place).text) for place in found.places(number)} for number in range(32)]
    assert sum(max(lengths) - min(lengths) <= 1 for lengths in spread) >= 28


def test_a_long_answer_loses_its_end_and_is_counted() -> None:
    found = papers(length=9)[0][0]
    assert found.shortened == 4
    assert found.batch.ids.shape[1] == 9
    whole = papers()[0][0]
    assert whole.shortened == 0
    assert (whole.batch.labels == WORDS.token_to_id("</s>")).sum() == 4
