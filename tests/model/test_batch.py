from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from PIL import Image
from shrunken import FAMILIES, spec, tokenizer

from vary_cli.errors import UsageError
from vary_cli.example import Example
from vary_cli.model.batch import IGNORED, Ask, batched, numbered, question, sequenced
from vary_cli.model.chat import Turn
from vary_cli.model.families import got_ocr2, vary_tiny, vary_toy
from vary_cli.model.spec import ModelSpec

WORDS = tokenizer()
PAGE = Image.new("RGB", (90, 120), "white")
END = {"vary_tiny_600k": "\n"}


def learned(family: ModelSpec, answer: str) -> str:
    ids, flags = numbered([Turn(family.chat.asked("What?"), answer)], family, WORDS, count=4)
    return WORDS.decode([i for i, yes in zip(ids, flags, strict=True) if yes], skip_special_tokens=False)


@pytest.mark.parametrize("name", FAMILIES)
def test_supervised_tokens_are_exactly_answer_and_end(name: str) -> None:
    family = spec(name)
    before, after = family.chat.answer
    assert learned(family, "# Title\n表 1") == f"{before}# Title\n表 1{after}{family.chat.end}"
    assert after + family.chat.end  # something ends every answer


@pytest.mark.parametrize("name", FAMILIES)
def test_the_prompt_is_how_the_trained_conversation_begins(name: str) -> None:
    family = spec(name)
    asked = family.chat.asked("What?")
    prompt, flags = numbered([Turn(asked)], family, WORDS, count=4)
    trained, _ = numbered([Turn(asked, "Answer")], family, WORDS, count=4)
    assert trained[: len(prompt)] == prompt
    assert not any(flags)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_image_s_rows_have_their_places(name: str) -> None:
    family = spec(name)
    ids, _ = numbered([Turn(family.chat.asked("What?"))], family, WORDS, count=4)
    marks = family.markers
    assert ids.count(marks.pad) == 4
    if marks.start is not None:
        at = ids.index(marks.pad)
        assert ids[at - 1] == marks.start
        assert ids[at + 4] == marks.end


def test_the_name_of_a_special_token_in_an_answer_is_text() -> None:
    family = spec("vary_toy")
    ids, flags = numbered([Turn("<image>OCR", "the end is <|im_end|>, they say")], family, WORDS, count=1)
    end = WORDS.token_to_id("<|im_end|>")
    assert [i for i, yes in zip(ids, flags, strict=True) if yes].count(end) == 1
    assert ids[-1] == end


def test_two_turns_are_both_learned_and_their_questions_are_not() -> None:
    family = spec("got_ocr2")
    turns = [Turn("<image>\nOCR: ", "one"), Turn("And then?", "two")]
    ids, flags = numbered(turns, family, WORDS, count=2)
    texts = WORDS.decode([i for i, yes in zip(ids, flags, strict=True) if yes], skip_special_tokens=False)
    assert texts == "one<|im_end|>two<|im_end|>"


def test_batches_are_padded_on_the_left_to_read_and_on_the_right_to_learn() -> None:
    family = spec("vary_toy")
    examples = [Example(PAGE, "Q", "short"), Example(PAGE, "Q", "a longer answer")]
    sequences = [sequenced(example, family, WORDS, Ask()) for example in examples]
    right, left = batched(sequences, family, left=False), batched(sequences, family, left=True)
    assert right.mask[0].tolist() == sorted(right.mask[0].tolist(), reverse=True)
    assert left.mask[0].tolist() == sorted(left.mask[0].tolist())
    assert right.labels is not None
    assert torch.equal(right.labels[right.labels != IGNORED], right.ids[right.labels != IGNORED])
    assert not (right.labels[right.mask == 0] != IGNORED).any()
    assert {tower: tuple(x.shape) for tower, x in right.pixels.items()} == {
        "clip": (2, 3, 28, 28),
        "vocabulary": (2, 3, 64, 64),
    }


def test_tasks_speak_the_language_that_is_asked_for() -> None:
    toy = vary_toy.SPEC
    assert question(toy, Ask(), (1, 1)) == "Provide the ocr results of this image."
    assert question(toy, Ask("markdown", "zh"), (1, 1)) == "将这幅图转成markdown格式。"
    assert question(toy, Ask("table", "zh"), (1, 1)) == "Convert this table to latex format."
    assert question(toy, Ask(prompt="What is the total?"), (1, 1)) == "What is the total?"


def test_what_a_family_was_not_taught_is_refused() -> None:
    toy = vary_toy.SPEC
    with pytest.raises(UsageError, match="does not know the task 'music'"):
        question(toy, Ask("music"), (1, 1))
    with pytest.raises(UsageError, match="is not asked in 'fr'"):
        question(toy, Ask("ocr", "fr"), (1, 1))
    with pytest.raises(UsageError, match="does not read boxes"):
        question(toy, Ask(box=(0, 0, 1, 1)), (1, 1))
    with pytest.raises(UsageError, match="reads no tiles"):
        sequenced(Example(PAGE), spec("vary_toy"), WORDS, Ask(tiled=True))


def test_boxes_and_points_are_asked_for_in_thousandths() -> None:
    got = got_ocr2.SPEC
    assert question(got, Ask("markdown", color="red"), (1, 1)) == "[red] OCR with format: "
    assert question(got, Ask("ocr", box=(123, 456, 789, 1011)), (900, 1200)) == "[136, 380, 876, 842] OCR: "
    assert question(got, Ask("ocr", box=(450, 300)), (900, 1200)) == "[500, 250] OCR: "


def test_a_tiled_page_stands_in_one_block() -> None:
    family = replace(spec("got_ocr2"), tiles=got_ocr2.SPEC.tiles)
    made = sequenced(Example(Image.new("RGB", (200, 300))), family, WORDS, Ask("markdown", tiled=True))
    assert len(made.pictures) == 7
    assert made.ids.count(family.markers.pad) == 7 * family.markers.tokens
    assert made.ids.count(family.markers.start) == 1


def test_vary_tiny_drops_the_question() -> None:
    asked = numbered([Turn(vary_tiny.SPEC.chat.asked("Anything"))], spec("vary_tiny"), WORDS, count=2)[0]
    assert WORDS.decode(asked, skip_special_tokens=False) == "</s><img><imgpad><imgpad></img>"


def test_an_example_with_a_history_is_a_conversation_about_one_picture() -> None:
    family = spec("vary_toy")
    example = Example(PAGE, "And then?", "two", history=(("What?", "one"),))
    found = sequenced(example, family, WORDS, Ask())
    texts = WORDS.decode([i for i, yes in zip(found.ids, found.learned, strict=True) if yes], skip_special_tokens=False)
    assert texts == "one<|im_end|>two<|im_end|>"
    assert found.ids.count(family.markers.pad) == family.markers.tokens
    assert found.ids.index(family.markers.pad) < found.ids.index(WORDS.encode("W", add_special_tokens=False).ids[0])
