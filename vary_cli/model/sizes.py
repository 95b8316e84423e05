"""The sizes of a model as a published config.json states them, in the words of each language model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vary_cli.errors import WeightsError
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
VISION_FIELDS = {
    "embed_dim": "hidden_size",
    "depth": "num_hidden_layers",
    "num_heads": "num_attention_heads",
    "in_chans": "num_channels",
    "img_size": "image_size",
    "patch_size": "patch_size",
    "out_chans": "output_channels",
    "window_size": "window_size",
    "global_attn_indexes": "global_attn_indexes",
}
"""SAM's words for the vocabulary network, and transformers' for the same."""
MARKER_FIELDS = {"pad": "im_patch_token", "start": "im_start_token", "end": "im_end_token"}

ASSUMED: dict[str, dict[str, object]] = {
    "": dict(
        **dict.fromkeys(["no_bias", "scale_attn_weights", "do_layer_norm_before", "enable_bias"], True),
        **dict.fromkeys(["use_sliding_window", "attention_bias", "mlp_bias", "_remove_final_layer_norm"], False),
        layer_norm_elementwise_affine=True,
        rotary_pct=1.0,
        activation_function="relu",
        hidden_act="silu",
    ),
    "clip_config": {"hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "num_channels": 3},
    "vocabulary_config": {"mlp_ratio": 4, "qkv_bias": True, "use_rel_pos": True, "layer_norm_eps": 1e-6},
    "vision_config": {"hidden_act": "gelu", "qkv_bias": True, "use_rel_pos": True, "layer_norm_eps": 1e-6},
}
"""Part of a config.json -> what the network does, whatever the config says: another value is an error."""


def stated(fields: Mapping[str, str], config: Config) -> dict[str, Any]:
    """Those of our fields that a config states under its own names."""
    return {ours: config[theirs] for ours, theirs in fields.items() if theirs in config}


def check(config: Config) -> None:
    """Raise WeightsError where a config states a computation that is another than the network's."""
    other = [
        f"{name} {config[part][name] if part else config[name]!r}"
        for part, assumed in ASSUMED.items()
        for name, value in assumed.items()
        if (config.get(part, {}) if part else config).get(name, value) != value
    ]
    heads, width = config.get("num_attention_heads", 1), config.get("hidden_size", 1)
    head = config.get("kv_channels", config.get("head_dim"))
    other += [f"heads of {head}, not {width} / {heads}"] if head not in (None, width // heads) else []
    other += ["word_embed_proj_dim"] if config.get("word_embed_proj_dim", width) != width else []
    rope = config.get("rope_scaling") or config.get("rope_parameters") or {}
    other += [f"rope {rope}"] if rope.get("rope_type", rope.get("type", "default")) != "default" else []
    if config.get("use_logn_attn", True) != config.get("use_dynamic_ntk", True):
        other.append("one of use_logn_attn and use_dynamic_ntk without the other")
    if other:
        message = f"its config.json states what this network does not compute: {', '.join(other)}"
        raise WeightsError(message, "no published model of the family is like that; is it the right config.json?")


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
    return resized(spec, text, replace(spec.decoder, **stated(LLAMA_FIELDS, text)))


def got_sizes(spec: ModelSpec, config: Config) -> ModelSpec:
    """Sizes of GOT in transformers' form, which states those of its tower; its last convolution is the decoder's."""
    tower = stated(VISION_FIELDS, config.get("vision_config", {}))
    tower["net_2_out"] = 2 * tower.get("out_chans", spec.vocabulary.neck)
    tower["net_3_out"] = config.get("text_config", {}).get("hidden_size", spec.vocabulary.token_width)
    return llama_sizes(spec, {**config, "vocabulary_config": tower})


def resized(spec: ModelSpec, config: Config, decoder: DecoderSpec) -> ModelSpec:
    """A family's spec with that decoder, and with the markers and the towers that the config states.

    Published files do not state the towers' sizes, for these are fixed; a reduced checkpoint says them in
    `vocabulary_config` (SAM's words) and `clip_config` (transformers' words).
    """
    check(config)
    vocabulary = vocabulary_sizes(spec.vocabulary, config.get("vocabulary_config", {}))
    clip = None if spec.clip is None else clip_sizes(spec.clip, config)
    sides = {"vocabulary": vocabulary.image_size or 0, "clip": clip.image_size if clip else 0}
    usual = sum(branch.width for branch in spec.branches)
    markers: dict[str, Any] = {"tokens": tokens(vocabulary)}
    for fields in ({"pad": "image_token_index"}, {"pad": "image_token_id"}, MARKER_FIELDS):
        markers |= stated(fields, config)
    return replace(
        spec,
        decoder=decoder,
        branches=tuple(
            replace(b, width=b.width * decoder.width // usual, pixels=replace(b.pixels, size=sides[b.tower]))
            for b in spec.branches
        ),
        markers=replace(spec.markers, **markers),
        vocabulary=vocabulary,
        clip=clip,
    )


def tokens(spec: VocabularySpec) -> int:
    """How many vision tokens a square picture becomes."""
    rows = columns = (spec.image_size or 0) // spec.patch
    for _ in spec.merge:
        rows, columns = -(-rows // spec.merge_stride[0]), -(-columns // spec.merge_stride[1])
    return rows * columns


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
