"""Formulas as a decoder learns them: what stands there, what is written of it, and the errors in between."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from shrunken import spec, tokenizer
from small import bars, formulas

from vary_cli.errors import DataError
from vary_cli.finetune import sightings, vocabulary
from vary_cli.finetune.misreading import misread, weighed
from vary_cli.finetune.mixture import mixture
from vary_cli.finetune.renaming import renamed
from vary_cli.finetune.translations import Formula, Translations
from vary_cli.formula.spelling import sign, spelled
from vary_cli.model.batch import IGNORED
from vary_cli.model.marks import Marks, named
from vary_cli.model.repertoire import COMMON

WORDS = tokenizer()


def translations(seed: int = 1, held: float = 0.0) -> Translations:
    return Translations(mixture({"formulas": formulas(12)}, {}, held, seed), spec("vary_nano"), WORDS, 400, batches=4)


def test_a_round_depends_on_seed_and_number_alone() -> None:
    first, again = translations()[3], translations()
    again[2]
    assert len(first) == 4
    for one, other in zip(first, again[3], strict=True):
        assert one.batch.named is not None
        assert other.batch.named is not None
        assert torch.equal(one.batch.ids, other.batch.ids)
        assert torch.equal(one.batch.named.places, other.batch.named.places)


def test_exactly_the_spelling_and_the_end_are_learned_and_each_mark_has_its_row() -> None:
    for one in translations()[0]:
        assert one.batch.labels is not None
        assert one.batch.named is not None
        assert one.glyphs is None
        assert int((one.batch.ids == spec("vary_nano").markers.pad).sum()) == len(one.batch.named.ids)
        for row in one.batch.labels:
            learned = [int(i) for i in row if i != IGNORED]
            told = WORDS.decode(learned[:-1], skip_special_tokens=False).strip()
            assert spelled(told) == told
            assert WORDS.decode(learned[-1:], skip_special_tokens=False) == "</s>"


def test_lessons_are_as_large_as_is_asked_for() -> None:
    assert all(one.batch.ids.numel() <= 400 for one in translations()[0])


def test_what_is_kept_out_is_not_learned_but_judged_by() -> None:
    kept = translations(held=0.2)
    assert sum(len(one.batch.ids) for one in kept.held()) == 2
    assert not translations().held()


def test_sets_without_formulas_teach_nothing() -> None:
    drawn = mixture({"bars": bars(10)}, {}, 0.0, 1)
    with pytest.raises(DataError, match="no formula"):
        Translations(drawn, spec("vary_nano"), WORDS, 400)[0]


def test_half_of_what_is_learned_is_as_the_eyes_read_it() -> None:
    place = np.array([[0, 0, 20, 20, 20, 20, 0, 0]], np.float32)
    eyes = replace(translations(), seen=(Formula(Marks(("c",), place, 20.0), " c"),))
    seen = sum(one.marks is not None and one.marks.chars == ("c",) for one in eyes.drawn(random.Random(1), 200))
    assert 80 < seen < 120


def test_other_letters_stand_there_and_are_written_alike() -> None:
    places = np.zeros((12, 8), np.float32)
    there = Marks((*"𝕏xx", *"max", *"ρϱ", "", *"d7i"), places, 20.0)
    said = r"\mathbb { X } x ^ x \max _ \rho \mathrm{i} \varrho d 7"
    renamings = [renamed(there, said, random.Random(seed)) for seed in range(40)]
    assert {latex for _, latex in renamings} == {
        rf" \mathbb {{ X }} x ^ x \max _ \rho \mathrm{{i}} \varrho d {digit}" for digit in "23456789"
    }
    assert all(marks.chars == (*there.chars[:10], latex[-1], "i") for marks, latex in renamings)
    assert all(marks.places is there.places for marks, _ in renamings)


def test_the_same_letter_stays_the_same() -> None:
    there = Marks(tuple("aνa"), np.zeros((3, 8), np.float32), 20.0)
    for seed in range(20):
        marks, said = renamed(there, r"a _ \nu a", random.Random(seed))
        first, _, greek, last = said.split()
        assert first == last == marks.chars[0] == marks.chars[2]
        assert sign(marks.chars[1]) == greek


def test_some_formulas_that_the_eyes_look_at_are_worn() -> None:
    drawn = mixture({"formulas": formulas(60)}, {}, 0.0, 1)
    found = [example.image.tobytes() for example, _ in sightings.formulas(drawn, 60)]
    assert [example.image.tobytes() for example, _ in sightings.formulas(drawn, 60)] == found
    clean = {entry.example().image.convert("L").tobytes() for entry in formulas(60)}
    assert 8 < sum(image not in clean for image in found) < 32


def read(char: str, count: int = 40, rounds: int = 100) -> list[Marks]:
    """Characters, or nameless bars, as they might have been read."""
    chance = random.Random(1)
    place = [0, 0, 20, 20, 20, 20, 0, 1] if char else [0, 0, 60, 1, 1, 0, 0, 0]
    return [
        misread(Marks((char,) * count, np.tile(np.array([place], np.float32), (count, 1)), 20.0), chance)
        for _ in range(rounds)
    ]


def test_most_characters_are_read_right_and_errors_are_of_every_kind() -> None:
    found = read("l")
    kinds = Counter("lost" if not char else "right" if char == "l" else "wrong" for one in found for char in one.chars)
    assert 0.8 * 4000 < kinds["right"] < 0.95 * 4000
    assert 0.02 * 4000 < kinds["lost"] < 0.1 * 4000
    assert 0.03 * 4000 < kinds["wrong"] < 0.15 * 4000
    assert any(len(one.chars) > 40 for one in found)
    assert any(len(one.chars) < 40 for one in found)
    upright = sum(int((one.places[:, 7] == 0).sum()) for one in found)
    assert upright > kinds["lost"]


def test_how_bold_a_character_is_is_seen_roughly() -> None:
    bold = np.tile(np.array([1, 0], np.float32), 500)
    told = weighed(bold, np.random.default_rng(1))
    for those, share in ((told[::2] > 0.5, (0.8, 0.95)), (told[1::2] > 0.5, (0.0, 0.01))):
        assert share[0] <= those.mean() <= share[1]
    assert len(np.unique(told)) == 1000


def test_some_formulas_are_read_without_an_error() -> None:
    assert sum(one.chars == ("l",) * 40 for one in read("l")) > 8


def test_places_are_told_roughly() -> None:
    off = np.concatenate([one.places[:, 4] - 20 for one in read("x")])
    assert 0.5 < float(np.abs(off).mean()) < 3.0


def test_bars_are_sometimes_taken_for_signs() -> None:
    chars = Counter(char for one in read("") for char in one.chars)
    assert set(chars) == {"", "−", "_"}
    assert chars[""] > 3 * (chars["−"] + chars["_"])


def test_a_tokenizer_names_every_sign_of_the_glyph_head() -> None:
    words = vocabulary.learned(formulas(3), 1600)
    assert all(named(char, words) for char in COMMON)
    assert len(words.encode(" \\frac { a }").ids) == 4
