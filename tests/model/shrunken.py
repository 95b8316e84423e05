"""Every family small enough for a test, with weights that say something and a tokenizer that has its markers."""

from __future__ import annotations

from dataclasses import replace

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from vary_cli import plugins
from vary_cli.model.spec import ClipSpec, Markers, ModelSpec, VocabularySpec
from vary_cli.model.tokenizer import byte_letters
from vary_cli.model.vary import VaryModel

FAMILIES = plugins.names("vary_cli.model.families")
SIZES = {"width": 32, "depth": 2, "heads": 4, "kv_heads": None, "ffn": 48, "vocabulary": 264, "positions": 512}
SPECIALS = ("<s>", "</s>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<img>", "</img>", "<imgpad>")


def spec(family: str, side: int = 64) -> ModelSpec:
    """A family's spec with towers and decoder shrunk; its vocabulary is 256 bytes and the specials."""
    whole: ModelSpec = plugins.load("vary_cli.model.families", family).SPEC
    assert whole.decoder is not None
    width, count = 32, len(whole.branches)
    sizes = {"vocabulary": side, "clip": 28}
    branches = [
        replace(b, width=width // count, pixels=replace(b.pixels, size=sizes.get(b.tower, side)))
        for b in whole.branches
    ]
    tiny = VocabularySpec(16, 2, 2, (2, 2), (1,), image_size=side, neck=8, merge=(16, 24))
    if whole.reads == "region":
        tiny = replace(whole.vocabulary, width=16, depth=2, heads=2, global_blocks=(1,), stem=(4, 8, 16), neck=8)
    # The CLIP tower must see as many tokens as the vocabulary network: 1 of 64 px, 4 of 28 px in steps of 14.
    clip = None if whole.clip is None else ClipSpec(16, 3, 2, 32, 28, 28 // (side // 64))
    return replace(
        whole,
        vocabulary=tiny,
        clip=clip,
        branches=tuple(branches),
        decoder=replace(whole.decoder, **SIZES),
        markers=marked(whole, (side // 64) ** 2),
    )


def marked(whole: ModelSpec, tokens: int) -> Markers:
    """The ids of the markers in the small tokenizer."""
    if whole.markers.start is None:
        return replace(whole.markers, tokens=tokens)
    return replace(whole.markers, start=261, end=262, pad=263, tokens=tokens)


def model(family: str, seed: int = 0, side: int = 64) -> VaryModel:
    """A small model with random weights large enough to disagree about anything."""
    torch.manual_seed(seed)
    network = VaryModel(spec(family, side))
    for name, parameter in network.named_parameters():
        if parameter.ndim > 1 and "embed_positions" not in name:
            torch.nn.init.normal_(parameter, std=0.3)
    return network.eval()


def tokenizer() -> Tokenizer:
    """Bytes as tokens, then the specials."""
    letters = byte_letters()
    result = Tokenizer(models.BPE({letters[byte]: byte for byte in range(256)}, []))
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIALS])
    return result
