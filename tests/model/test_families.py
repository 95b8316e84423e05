"""The contract of the families' folder: each builds, saves, loads, is recognised, asks and answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw
from shrunken import FAMILIES, model, tokenizer
from transformers import GotOcr2Config, GotOcr2ForConditionalGeneration

from vary_cli import plugins
from vary_cli.errors import WeightsError
from vary_cli.example import Example
from vary_cli.model import checkpoint
from vary_cli.model.layouts import recognise
from vary_cli.model.pages import Reading, transcriber
from vary_cli.model.recognition import published
from vary_cli.model.sizes import qwen1_sizes
from vary_cli.model.spec import as_dict, from_dict
from vary_cli.model.vary import Batch

PAGES = [name for name in FAMILIES if plugins.load("vary_cli.model.families", name).SPEC.reads == "page"]
PREFIXES = {
    "vary_tiny": {
        "vocabulary.": "model.vision_tower.",
        "projectors.vocabulary.": "model.mm_projector.",
        "decoder.model.decoder.": "model.decoder.",
        "decoder.lm_head.": "lm_head.",
    },
    "vary_tiny_600k": {
        "vocabulary.": "visual_encoder.",
        "projectors.vocabulary.": "opt_proj.",
        "decoder.": "opt_model.",
    },
    "vary_base_vicuna": {
        "vocabulary.": "model.vision_tower_high.",
        "clip.": "model.vision_tower.vision_model.",
        "projectors.vocabulary.": "model.mm_projector_vary.",
        "projectors.clip.": "model.mm_projector.",
        "decoder.model.": "model.",
        "decoder.lm_head.": "lm_head.",
    },
}
"""Layouts that the golden cases do not cover: our names' beginnings and theirs."""


def page(text: str = "One page") -> Image.Image:
    image = Image.new("RGB", (90, 120), "white")
    ImageDraw.Draw(image).text((5, 5), text, fill="black")
    return image


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_bears_its_file_s_name_and_survives_json(name: str) -> None:
    whole = plugins.load("vary_cli.model.families", name).SPEC
    assert whole.name == name.replace("_", "-")
    assert from_dict(as_dict(whole)) == whole
    assert whole.get


@pytest.mark.parametrize("name", FAMILIES)
def test_saved_and_loaded_is_bitwise_the_same(name: str, tmp_path: Path) -> None:
    before = model(name)
    checkpoint.save(before, tmp_path, tokenizer())
    after = checkpoint.load(tmp_path)
    assert after.spec == before.spec
    mine, theirs = before.state_dict(), after.model.state_dict()
    assert list(mine) == list(theirs)
    assert all(torch.equal(mine[key], theirs[key]) for key in mine)
    assert not any(tensor.is_meta for tensor in (*after.model.parameters(), *after.model.buffers()))


@pytest.mark.parametrize("name", PAGES)
def test_a_small_one_answers_and_the_markers_fit(name: str, tmp_path: Path) -> None:
    checkpoint.save(model(name), tmp_path, tokenizer())
    loaded = checkpoint.load(tmp_path)
    read = transcriber(loaded, Reading(max_tokens=5), batch_size=2)
    answers = list(read(Example(page(text)) for text in ("a", "b", "c")))
    assert len(answers) == 3
    assert all(answer.finish in ("length", "stop") and answer.score < 0 for answer in answers)


@pytest.mark.parametrize("name", PREFIXES)
def test_a_published_layout_is_recognised_by_its_keys_alone(name: str) -> None:
    ours = list(checkpoint.shapes(model(name)))
    theirs = {}
    for key in ours:
        prefix = max((p for p in PREFIXES[name] if key.startswith(p)), key=len)
        theirs[PREFIXES[name][prefix] + key.removeprefix(prefix)] = key
    found = recognise(published(None), theirs, {"model_type": "something else"})
    assert found is not None
    family, layout = found
    assert family == name
    assert {layout.targets(key)[0]: ours for key, ours in theirs.items()} == {key: key for key in ours}


def test_got_in_transformers_form_loads_and_sees_the_same(tmp_path: Path) -> None:
    config = GotOcr2Config(
        vision_config={
            "hidden_size": 16,
            "output_channels": 256,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": 64,
            "window_size": 2,
            "global_attn_indexes": [1],
            "mlp_dim": 64,
        },
        text_config={
            "vocab_size": 264,
            "hidden_size": 1024,
            "intermediate_size": 48,
            "num_hidden_layers": 2,
            "num_attention_heads": 16,
            "num_key_value_heads": 16,
            "tie_word_embeddings": True,
        },
        image_token_index=263,
        tie_word_embeddings=True,
    )
    torch.manual_seed(0)
    theirs = GotOcr2ForConditionalGeneration(config).eval()
    theirs.save_pretrained(tmp_path)
    ours = checkpoint.load(tmp_path).model
    pixels, ids = torch.randn(2, 3, 64, 64), torch.tensor([[5, 263, 7, 8], [9, 10, 263, 11]])
    with torch.inference_mode():
        logits = ours(Batch(ids, torch.ones_like(ids), {"vocabulary": pixels}))
        assert torch.allclose(logits, theirs(input_ids=ids, pixel_values=pixels).logits, atol=1e-4)
        rows = ours.see({"vocabulary": pixels})
        wanted = theirs.model.get_image_features(pixels).pooler_output
    assert torch.allclose(rows, wanted.reshape(rows.shape), atol=1e-4)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"rotary_pct": 0.5}, "rotary_pct 0.5"),
        ({"use_dynamic_ntk": False}, "use_logn_attn and use_dynamic_ntk"),
        ({"kv_channels": 16}, "heads of 16, not 128 / 4"),
        ({"rope_scaling": {"type": "linear", "factor": 2.0}}, "rope"),
        ({"clip_config": {"hidden_act": "gelu"}}, "hidden_act 'gelu'"),
        ({"vocabulary_config": {"use_rel_pos": False}}, "use_rel_pos False"),
    ],
)
def test_a_config_of_another_computation_is_refused(config: dict[str, object], named: str) -> None:
    sizes = {"hidden_size": 128, "num_attention_heads": 4}
    with pytest.raises(WeightsError) as caught:
        qwen1_sizes(plugins.load("vary_cli.model.families", "vary_toy").SPEC, {**sizes, **config})
    assert named in caught.value.message
