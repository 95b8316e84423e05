"""The sizes of a model as a published config.json states them, in the words of each language model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vary_cli.model.spec import ClipSpec, DecoderSpec, ModelSpec, VocabularySpec

Config = Mapping[str, Any]

COMMON_FIELDS = {
    "width": "hidden_size",
    "depth": "num_hidden_layers",
    "heads": "num_attention_heads",
    "positions": "max_position_embeddings",
    "vocabulary": "vocab_size",
    "tied": "tie_word_embeddings",
}
OPT_FIELDS = {**COMMON_FIELDS, "ffn": "ffn_dim"}
LLAMA_FIELDS = {
    **COMMON_FIELDS,
    "ffn": "intermediate_size",
    "kv_heads": "num_key_value_heads",
    "norm_eps": "rms_norm_eps",
    "rope_base": "rope_theta",
}
QWEN1_FIELDS = {
    **COMMON_FIELDS,
    "norm_eps": "layer_norm_epsilon",
    "rope_base": "rotary_emb_base",
    "trained_length": "seq_length",
}
VOCABULARY_FIELDS = {
    "width": "embed_dim",
    "depth": "depth",
    "heads": "num_heads",
    "channels": "in_chans",
    "image_size": "img_size",
    "patch": "patch_size",
    "neck": "out_chans",
}
CLIP_FIELDS = {
    "width": "hidden_size",
    "depth": "num_hidden_layers",
    "heads": "num_attention_heads",
    "ffn": "intermediate_size",
    "image_size": "image_size",
    "patch": "patch_size",
}
MARKER_FIELDS = {"pad": "im_patch_token", "start": "im_start_token", "end": "im_end_token"}


def stated(fields: Mapping[str, str], config: Config) -> dict[str, Any]:
    """Those of our fields that a config states under its own names."""
    return {ours: config[theirs] for ours, theirs in fields.items() if theirs in config}


def qwen1_sizes(spec: ModelSpec, config: Config) -> ModelSpec:
    """Sizes as Qwen v1's configuration names them; its intermediate size counts both branches of the MLP."""
    assert spec.decoder is not None
    decoder = replace(spec.decoder, **stated(QWEN1_FIELDS, config))
    if "intermediate_size" in config:
        decoder = replace(decoder, ffn=config["intermediate_size"] // 2)
    if not config.get("use_logn_attn", True):
        decoder = replace(decoder, trained_length=None)
    return resized(spec, config, decoder)


def opt_sizes(spec: ModelSpec, config: Config) -> ModelSpec:
    """Sizes as OPT's configuration names them."""
    assert spec.decoder is not None
    return resized(spec, config, replace(spec.decoder, **stated(OPT_FIELDS, config)))


def llama_sizes(spec: ModelSpec, config: Config) -> ModelSpec:
    """Sizes as the configurations of Llama and Qwen2 name them, flat or under `text_config`."""
    assert spec.decoder is not None
    text = {**config, **config.get("text_config", {})}
    text = {**(text.get("rope_parameters") or {}), **text}
    return resized(spec, config, replace(spec.decoder, **stated(LLAMA_FIELDS, text)))


def resized(spec: ModelSpec, config: Config, decoder: DecoderSpec) -> ModelSpec:
    """A family's spec with that decoder, and with the markers and the towers that the config states.

    Published files do not state the towers' sizes, for these are fixed; a reduced checkpoint says them in
    `vocabulary_config` (SAM's words) and `clip_config` (transformers' words).
    """
    usual = sum(branch.width for branch in spec.branches)
    ids = {**stated({"pad": "image_token_index"}, config), **stated(MARKER_FIELDS, config)}
    return replace(
        spec,
        decoder=decoder,
        branches=tuple(replace(b, width=b.width * decoder.width // usual) for b in spec.branches),
        markers=replace(spec.markers, **ids),
        vocabulary=vocabulary_sizes(spec.vocabulary, config.get("vocabulary_config", {})),
        clip=None if spec.clip is None else clip_sizes(spec.clip, config),
    )


def vocabulary_sizes(usual: VocabularySpec, config: Config) -> VocabularySpec:
    """Sizes of the vocabulary network."""
    window = config.get("window_size", usual.window[0])
    return replace(
        usual,
        **stated(VOCABULARY_FIELDS, config),
        window=(window, window),
        global_blocks=tuple(config.get("global_attn_indexes", usual.global_blocks)),
        merge=(config.get("net_2_out", usual.merge[0]), config.get("net_3_out", usual.merge[1])),
    )


def clip_sizes(usual: ClipSpec, config: Config) -> ClipSpec:
    """Sizes of the CLIP tower, and the layer that is looked at."""
    tower = config.get("clip_config", {})
    layer = config.get("vision_select_layer", -1)  # what the originals take where the config does not say
    return replace(usual, **stated(CLIP_FIELDS, tower), layer=layer)


def bare_sizes(spec: ModelSpec, config: Config) -> ModelSpec:
    """Sizes of a vocabulary network that stands alone."""
    return replace(spec, vocabulary=vocabulary_sizes(spec.vocabulary, config.get("vocabulary_config", {})))
