"""The glyph head: what it is told, what it is asked, what it answers."""

import random

import numpy as np
import pytest
import torch

from vary_cli.example import BOLD, ITALIC, MONO, UNKNOWN, Glyph
from vary_cli.finetune.augment import Strip
from vary_cli.finetune.rounds import glyph_batch
from vary_cli.model.beside import chinese, once
from vary_cli.model.glyphs import GlyphHead, ReadGlyph, block_targets, glyph_loss, read, runs, targets
from vary_cli.model.repertoire import COMMON, GB2312, Repertoire, plain
from vary_cli.model.spec import GlyphSpec

SPEC = GlyphSpec("abc l" + UNKNOWN, "中文字")


def glyphs(text: str, pitch: float = 8.0) -> list[Glyph]:
    return [Glyph(c, pitch * (i + 0.5), 0.0, 24.0, 0) for i, c in enumerate(text)]


def test_the_repertoire_holds_all_of_gb2312_once() -> None:
    assert len(GB2312) == len(set(GB2312)) == 6763
    assert len(COMMON) == len(set(COMMON))
    assert not set(COMMON) & set(GB2312)


@pytest.mark.parametrize(
    ("char", "look"),
    [
        ("ﬁ", "fi"),
        ("𝑥", "x"),
        ("Α", "A"),
        ("\u00a0", " "),
        ("中", "中"),
        ("−", "−"),
        ("\u03bc", "\u00b5"),
        ("\u2206", "Δ"),
        ("ℝ", "ℝ"),
        ("𝓝", "𝒩"),
        ("𝖌", "𝔤"),
        ("ℎ", "h"),
        ("𝜌", "ρ"),
        ("𝜚", "ϱ"),
        ("𝜖", "ϵ"),
        ("𝝓", "ϕ"),
    ],
)
def test_characters_of_one_look_have_one_representative(char: str, look: str) -> None:
    assert plain(char) == look


def test_every_representative_stands_for_itself() -> None:
    assert all(plain(c) == c for c in COMMON + GB2312)


def test_a_character_outside_the_repertoire_is_the_unknown_one() -> None:
    repertoire = Repertoire(SPEC)
    assert repertoire.ids("ℵ") == repertoire.ids(UNKNOWN)
    assert repertoire.ids("文") == (repertoire.han_class, 1)


def test_targets_name_the_slot_of_each_centre_and_leave_its_neighbours_free() -> None:
    wanted = targets(glyphs("ab"), 2, 8.0, Repertoire(SPEC))
    assert wanted.slots.tolist() == [0, -100, 1, -100, 0, -100, 2, -100]
    assert wanted.sequence.tolist() == [1, 2]


@pytest.mark.parametrize(("pitch", "gap"), [(4.0, [0]), (6.0, [0, 0])])
def test_a_gap_is_asked_for_between_equal_letters(pitch: float, gap: list[int]) -> None:
    alike, unlike = (targets(glyphs(text, pitch), 2, 8.0, Repertoire(SPEC)).slots.tolist() for text in ("cc", "ab"))
    assert alike[1 : 3 + len(gap)] == [3, *gap, 3]
    assert unlike[1 : 3 + len(gap)] == [1, *([-100] * len(gap)), 2]


def test_the_sequence_knows_what_shares_a_slot() -> None:
    wanted = targets([Glyph("a", 4.1, 0, 24, 0), Glyph("b", 5.0, 0, 24, 0)], 2, 8.0, Repertoire(SPEC))
    assert wanted.slots.tolist() == [0, -100, 1, -100, 0, 0, 0, 0]
    assert wanted.sequence.tolist() == [1, 2]


def test_han_targets_name_cell_and_character() -> None:
    wanted = targets(glyphs("a文", 24.0), 6, 8.0, Repertoire(SPEC))
    assert wanted.han.tolist() == [[4, 1]]


def test_neighbouring_slots_of_one_class_are_one_character() -> None:
    assert runs([0, 3, 3, 0, 3, 2], [1, 0.5, 0.9, 1, 0.8, 0.7]) == [(3, 1, 2, 0.9), (3, 4, 4, 0.8), (2, 5, 5, 0.7)]


@pytest.mark.parametrize(("seen", "said"), [("⟨中文⟩", "〈中文〉"), ("⟨a⟩中", "⟨a⟩中"), ("⟨", "⟨")])
def test_brackets_about_chinese_are_chinese(seen: str, said: str) -> None:
    told = [ReadGlyph(char, float(i), 0.9) for i, char in enumerate(seen)]
    assert "".join(glyph.char for glyph in chinese(told)) == said


def test_a_mark_that_was_named_twice_is_read_once() -> None:
    told = [ReadGlyph("：", 1.0, 0.7), ReadGlyph(":", 1.6, 0.9), ReadGlyph("”", 4.0, 0.9), ReadGlyph("“", 7.0, 0.9)]
    assert [glyph.char for glyph in once(told)] == [":", "”", "“"]
    assert [glyph.char for glyph in once([ReadGlyph("l", 1.0, 0.9), ReadGlyph("l", 1.8, 0.9)])] == ["l", "l"]
    dots = [ReadGlyph(char, x, 0.9) for char, x in ((".", 1.0), ("…", 2.3), (".", 3.6), (".", 6.0))]
    assert [glyph.char for glyph in once(dots)] == ["…", "."]


def overfitted(line: list[Glyph], cells: int, spec: GlyphSpec = SPEC) -> tuple[GlyphHead, torch.Tensor]:
    """A head that has learnt one strip of random tokens by heart."""
    torch.manual_seed(0)
    head = GlyphHead(16, spec)
    tokens = torch.randn(1, cells, 16)
    batch = glyph_batch([Strip(np.zeros((32, 8 * cells), np.uint8), tuple(line))], cells, 8, head.repertoire)
    optimizer = torch.optim.Adam(head.parameters(), lr=0.05)
    for step in range(300):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / 300)
        optimizer.zero_grad()
        sum(glyph_loss(head, tokens, batch, 0.3).values()).backward()
        optimizer.step()
    return head, tokens


def test_a_learnt_strip_is_read_back() -> None:
    text = "ab l llc"
    head, tokens = overfitted(glyphs(text, 24.0), 3 * len(text))
    seen = read(head, tokens, [12 * len(text)])[0]
    assert "".join(g.char for g in seen) == text
    assert [g.x for g in seen] == sorted(g.x for g in seen)
    assert all(g.probability > 0.5 for g in seen)


def test_padding_is_not_read() -> None:
    head, tokens = overfitted(glyphs("abc", 24.0), 9)
    padded = torch.cat([tokens, 5 * torch.randn(1, 7, 16)], 1)
    assert read(head, padded, [36]) == read(head, tokens, [36])


def test_random_strips_never_break_the_targets() -> None:
    chance = random.Random(3)
    repertoire = Repertoire(SPEC)
    for _ in range(200):
        cells = chance.randint(1, 12)
        line = [
            Glyph(chance.choice("abc中l "), chance.uniform(-9, 9 * cells), 0, 24, 0)
            for _ in range(chance.randint(1, 30))
        ]
        wanted = targets(line, cells, 8.0, repertoire)
        assert len(wanted.sequence) == len(line)
        assert len(wanted.slots) == 4 * cells
        assert all(0 <= cell < cells for cell, _ in wanted.han.tolist())


def test_traits_are_told_in_a_glyphs_slot_and_beside_it() -> None:
    raised = [Glyph("a", 4.0, 23.5, 24.0, 0, BOLD), Glyph("b", 12.0, 11.5, 12.0, 0, ITALIC | MONO)]
    told = targets(raised, 3, 8.0, Repertoire(SPEC)).traits
    assert told[:, 0].tolist() == [1, 2, 3, 5, 6, 7]
    assert told[1].tolist() == [2, 1, 0, 0, 0, 1]
    assert told[4].tolist() == [6, 0, 1, 1, 0.5, 0.5]


def test_glyphs_of_a_block_are_asked_for_where_they_surely_stand() -> None:
    stacked = [Glyph("a", 12.0, 24.0, 20.0, 0), Glyph("b", 12.0, 54.0, 20.0, 0), Glyph("c", 44.0, 37.0, 20.0, 0)]
    slots = block_targets(stacked, (2, 8), (32, 8), Repertoire(SPEC)).slots.reshape(2, 32)
    assert (slots[0, 6], slots[1, 6]) == (1, 2)
    assert slots[:, 22].tolist() == [-100, -100]  # c stands between the rows
    assert slots[0, 5:8].tolist() == [-100, 1, -100]
    assert not slots[:, 12:20].any()


def test_a_head_with_traits_reads_style_rise_and_size() -> None:
    spec = GlyphSpec("abc l" + UNKNOWN, "中文字", traits=True)
    line = [Glyph("a", 12.0, 23.5, 24.0, 0, BOLD), Glyph("b", 36.0, 15.1, 16.8, 0, ITALIC)]
    head, tokens = overfitted(line, 6, spec)
    a, b = read(head, tokens, [24])[0]
    assert (a.char, a.style, b.char, b.style) == ("a", BOLD, "b", ITALIC)
    assert (a.rise, a.size, b.rise, b.size) == pytest.approx((0, 1, 0.35, 0.7), abs=0.03)
    assert a.bold is not None
    assert b.bold is not None
    assert a.bold > 0 > b.bold
