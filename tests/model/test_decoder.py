"""Qwen v1 beyond its trained length, against its attention written out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from shrunken import model, spec
from torch import Tensor

from vary_cli.model import decoder
from vary_cli.model.batch import Sequenced, batched
from vary_cli.model.engine import Text, decoded
from vary_cli.model.spec import ModelSpec
from vary_cli.model.vary import Batch, VaryModel

TRAINED = 8


def long_spec(trained: int | None = TRAINED) -> ModelSpec:
    small = spec("vary_toy")
    assert small.decoder is not None
    return replace(small, decoder=replace(small.decoder, trained_length=trained))


def network(trained: int | None = TRAINED) -> VaryModel:
    result = VaryModel(long_spec(trained)).eval()
    result.load_state_dict(model("vary_toy").state_dict())
    return result


def by_hand(layer: torch.nn.Module, x: Tensor, prompt: int, heads: int = 4) -> Tensor:
    """Attention of Qwen v1 over a whole sequence whose first `prompt` tokens were the prompt; x (L, width)."""
    length, width = x.shape
    head = width // heads
    alpha = max(2 ** math.ceil(math.log2(prompt / TRAINED) + 1) - 1, 1)
    frequencies = 1 / (10000 * alpha ** (head / (head - 2))) ** (torch.arange(0, head, 2) / head)
    angles = torch.outer(torch.arange(length), frequencies).repeat(1, 2)
    result = []
    projections = (layer.q_proj, layer.k_proj, layer.v_proj)
    query, key, value = (F.linear(x, p.weight, p.bias).view(length, heads, head) for p in projections)
    for h in range(heads):
        q, k = (turned(z[:, h], angles) for z in (query, key))
        q = q * torch.tensor([max(1.0, math.log(p) / math.log(TRAINED)) for p in range(1, length + 1)])[:, None]
        scores = (q @ k.T / head**0.5).masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf)
        result.append(scores.softmax(-1) @ value[:, h])
    return layer.o_proj(torch.cat(result, -1))


def turned(z: Tensor, angles: Tensor) -> Tensor:
    half = z.shape[-1] // 2
    return z * angles.cos() + torch.cat([-z[:, half:], z[:, :half]], -1) * angles.sin()


@pytest.mark.parametrize(("prompt", "length"), [(5, 5), (5, 20), (13, 13), (20, 30), (64, 64)])
def test_attention_is_qwen_v1_s_at_any_length(prompt: int, length: int) -> None:
    torch.manual_seed(0)
    whole = network()
    layer = whole.decoder.model.layers[0].self_attn
    torch.nn.init.normal_(layer.q_proj.bias)
    x, places = torch.randn(1, length, 32), torch.arange(length)[None]
    spec_ = whole.spec.decoder
    assert spec_ is not None
    with torch.inference_mode():
        decoder.place(whole.decoder, spec_, places, torch.tensor([prompt]))
        mine = layer(x, whole.decoder.model.rotary_emb(x, places), None)[0][0]
        assert torch.allclose(mine, by_hand(layer, x[0], prompt), atol=1e-5)


def test_up_to_the_trained_length_nothing_changes() -> None:
    ids = torch.arange(3, 3 + TRAINED)[None]
    batch = Batch(ids, torch.ones_like(ids))
    with torch.inference_mode():
        assert torch.equal(network()(batch), network(trained=1000)(batch))
        assert torch.allclose(network()(batch), network(trained=None)(batch), atol=1e-5)


def test_training_knows_neither() -> None:
    ids = torch.arange(3, 43)[None]
    batch = Batch(ids, torch.ones_like(ids))
    with torch.no_grad():
        assert torch.allclose(network().train()(batch), network(trained=None).train()(batch), atol=1e-5)


def test_each_row_keeps_the_stretch_of_its_own_prompt() -> None:
    prompts = [list(range(3, 6)), list(range(30, 53))]
    whole = network()
    alone = [Text(Sequenced(prompt, [False] * len(prompt), []), 12, loops=None) for prompt in prompts]
    for text in alone:
        list(decoded(whole, [text], 1))
    together = [Text(Sequenced(prompt, [False] * len(prompt), []), 12, loops=None) for prompt in prompts]
    list(decoded(whole, together, 2))
    assert [text.tokens for text in together] == [text.tokens for text in alone]


@pytest.mark.parametrize("family", ["vary_toy", "vary_tiny", "vary_base_vicuna", "got_ocr2"])
def test_padding_on_the_left_changes_nothing(family: str) -> None:
    whole = model(family)
    sequences = [Sequenced(ids, [False] * len(ids), []) for ids in ([5, 6, 7], [9, 8, 7, 6, 5, 4, 3, 2])]
    with torch.inference_mode():
        padded = whole(batched(sequences, whole.spec, left=True))[0, -3:]
        alone = whole(batched(sequences[:1], whole.spec, left=True))[0]
    assert torch.allclose(padded, alone, atol=1e-4)


def test_the_splice_touches_only_the_pads_and_keeps_the_pictures_order() -> None:
    whole = model("got_ocr2")
    marks = whole.spec.markers
    block = [marks.start, marks.pad, marks.end]
    ids = torch.tensor([[0, 0, 0, *block, 7], [*block, 8, *block]])
    batch = Batch(ids, torch.tensor([[0, 0, 0, 1, 1, 1, 1], [1] * 7]), {"vocabulary": torch.randn(3, 3, 64, 64)})
    with torch.inference_mode():
        embeds, rows = whole.embed(batch), whole.see(batch.pixels)
        table = whole.decoder.get_input_embeddings()(ids)
    pads = ids == marks.pad
    assert torch.equal(embeds[pads], rows)
    assert torch.equal(embeds[~pads], table[~pads])
    with pytest.raises(ValueError, match="3 pads stand in the ids for 2 rows"):
        whole.embed(replace(batch, pixels={"vocabulary": batch.pixels["vocabulary"][:2]}))
