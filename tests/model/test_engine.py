from __future__ import annotations

import math

import pytest
import torch
from shrunken import model

from vary_cli.model.batch import Sequenced, batched
from vary_cli.model.cache import Slots
from vary_cli.model.draft import Draft
from vary_cli.model.engine import Text, decoded
from vary_cli.model.repetition import SPAN, Loops
from vary_cli.model.vary import VaryModel

PROMPTS = [[5, 9, 200], [7, 7, 30, 31, 32, 33, 34], [1], [250, 3, 3, 17, 4], [90, 91]]


def text(
    prompt: list[int], limit: int = 12, draft: list[int] | None = None, stops: frozenset[int] = frozenset()
) -> Text:
    offered = None if draft is None else Draft(draft)
    return Text(Sequenced(prompt, [False] * len(prompt), []), limit, stops, offered, loops=None)


def written(network: VaryModel, texts: list[Text], rows: int) -> list[list[int]]:
    list(decoded(network, texts, rows))
    return [each.tokens for each in texts]


def uncached(network: VaryModel, prompt: list[int], limit: int = 12) -> list[int]:
    """Greedy by a whole forward pass for every token."""
    ids = list(prompt)
    with torch.inference_mode():
        for _ in range(limit):
            batch = batched([Sequenced(ids, [False] * len(ids), [])], network.spec, left=True)
            ids.append(int(network(batch)[0, -1].argmax()))
    return ids[len(prompt) :]


@pytest.fixture(params=["vary_toy", "vary_tiny", "vary_base_vicuna"])
def network(request: pytest.FixtureRequest) -> VaryModel:
    return model(request.param)


def test_cached_equals_uncached(network: VaryModel) -> None:
    assert written(network, [text(PROMPTS[1])], 1) == [uncached(network, PROMPTS[1])]


def test_a_text_alone_equals_itself_among_others_and_slots_are_refilled(network: VaryModel) -> None:
    alone = [written(network, [text(prompt)], 1)[0] for prompt in PROMPTS]
    limits = [12, 3, 9, 12, 5]
    together = written(network, [text(prompt, limit) for prompt, limit in zip(PROMPTS, limits, strict=True)], 2)
    assert together == [tokens[:limit] for tokens, limit in zip(alone, limits, strict=True)]


@pytest.mark.parametrize("spoil", [0, 3, 1000])
def test_a_draft_changes_the_passes_and_not_the_text(network: VaryModel, spoil: int) -> None:
    limit = 60
    plain = written(network, [text(prompt, limit) for prompt in PROMPTS], 3)
    drafts = [[t if (i + 1) % (spoil + 1) else 255 for i, t in enumerate(tokens)] for tokens in plain]
    passes = 0

    def count(*_: object) -> None:
        nonlocal passes
        passes += 1

    network.decoder.model.register_forward_hook(count)
    drafted = [text(prompt, limit, draft) for prompt, draft in zip(PROMPTS, drafts, strict=True)]
    assert written(network, drafted, 3) == plain
    if spoil == 1000:  # nothing spoilt: far fewer passes than tokens
        assert passes < limit / 2


def test_a_draft_that_begins_elsewhere_finds_its_place_again() -> None:
    draft = Draft(list(range(100)))
    draft.took([50, 51], 0, 8)
    assert draft.proposed(4) == [52, 53, 54, 55]
    draft.took([50, 51, 52, 53, 54, 55, 200], 4, 4)
    assert draft.proposed(4) == []


def test_a_stop_ends_a_text_and_is_not_part_of_it() -> None:
    network = model("vary_tiny")
    free = written(network, [text(PROMPTS[0])], 1)[0]
    ended = text(PROMPTS[0], stops=frozenset({free[4]}))
    written(network, [ended], 1)
    assert ended.tokens == free[: free.index(free[4])]
    assert ended.finish == "stop"
    assert ended.count == len(ended.tokens) + 1
    assert ended.score < 0


def test_a_loop_is_cut_to_its_first_turn() -> None:
    loops, unit = Loops(), [4, 8, 15, 16, 23]
    tokens = [1, 2, 3, *unit * 200]
    repeated = next((i, n) for i, token in enumerate(tokens) if (n := loops.push(token)))
    position, count = repeated
    assert position + 1 - count == 3 + len(unit)
    assert SPAN <= count < SPAN + 2 * len(unit)


def test_equal_cells_and_leaders_are_no_loop() -> None:
    loops = Loops()
    row = [7, 1, 7, 1, 7, 1, 7, 1]
    table = [token for i in range(100) for token in [1000 + i, *row]]
    assert not any(loops.push(token) for token in [*table, *[5] * (SPAN - 20), *table])


def test_the_memory_grows_and_closes_holes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vary_cli.model.cache.STEP", 4)
    network = model("vary_toy")
    alone = [uncached(network, prompt, 20) for prompt in PROMPTS[:3]]
    drafts = [[*tokens[:7], 255, 254, *tokens[9:]] for tokens in alone]
    texts = [text(prompt, 20, draft) for prompt, draft in zip(PROMPTS[:3], drafts, strict=True)]
    assert written(network, texts, 2) == alone


def test_rows_are_given_up_when_nobody_waits() -> None:
    slots = Slots(1, 4, "cpu")
    slots.enter([0, 2], torch.tensor([[0, 1, 1], [1, 1, 1]]))
    slots.keep([2])
    assert slots.rows == 1
    assert slots.seen[0, : slots.at].tolist() == [True, True, True]


def test_certain_tokens_leave_no_doubt_and_others_all_of_theirs() -> None:
    one = text(PROMPTS[0])
    for probability in (0.97, 1.0, 0.95 / 2):
        one.take(7, math.log(probability))
    assert math.exp(one.doubt) == pytest.approx(0.5)
    assert one.score == pytest.approx(math.log(0.97 * 0.475) / 3)
