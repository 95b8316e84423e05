"""How published files name the tensors that ours name otherwise, and how their config.json says sizes. Data and renaming.

A checkpoint is recognised by its keys, never by `model_type` or paths in its config. Knows no tensors, only names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vary_cli.model.spec import ClipSpec, DecoderSpec, ModelSpec, VocabularySpec

Config = Mapping[str, Any]
Rule = tuple[str, str]  # a regular expression and what takes its place

DERIVED = (r"\.rotary_emb\.inv_freq$", r"\.embeddings\.position_ids$", r"\.attn\.(masked_)?bias$")
"""Tensors that old files may hold though they follow from the configuration."""


@dataclass(frozen=True)
class Layout:
    """One way in which files name a family's tensors."""

    name: str
    marks: tuple[str, ...]
    """Prefixes that all occur in it."""
    rules: tuple[Rule, ...]
    """Applied one after the other, each to the result of the last."""
    without: tuple[str, ...] = ()
    """Prefixes that do not occur in it."""
    splits: Mapping[str, tuple[str, ...]] | None = None
    """Part of a (renamed) name -> the parts of the names that its equal row blocks get."""
    sizes: Callable[[ModelSpec, Config], ModelSpec] | None = None
    """A family's spec with the sizes that a config.json states."""
    widths: range = range(1 << 20)
    """Decoder widths of the family, where several share the layout."""
    ignored: tuple[str, ...] = ()
    """Regular expressions of tensors that are not ours: a mask decoder, a text tower."""

    def fits(self, names: Collection[str], config: Config) -> bool:
        """Whether files with those tensors are of this layout."""
        occurs = [prefix for prefix in self.marks if any(name.startswith(prefix) for name in names)]
        absent = not any(name.startswith(prefix) for prefix in self.without for name in names)
        return len(occurs) == len(self.marks) and absent and config.get("hidden_size", self.widths[0]) in self.widths

    def targets(self, name: str) -> tuple[str, ...]:
        """Our names for a file's tensor: one, several for its row blocks, or none if it is derived."""
        if any(re.search(pattern, name) for pattern in (*DERIVED, *self.ignored)):
            return ()
        for pattern, replacement in self.rules:
            name = re.sub(pattern, replacement, name)
        for part, parts in (self.splits or {}).items():
            if part in name:
                return tuple(name.replace(part, p) for p in parts)
        return (name,)


OPT_RULES: tuple[Rule, ...] = ((r"^model\.decoder\.", "decoder.model.decoder."), (r"^lm_head\.", "decoder.lm_head."))

LLAMA_RULES: tuple[Rule, ...] = (
    (r"^model\.(embed_tokens|layers|norm)\.", r"decoder.model.\1."),
    (r"^lm_head\.", "decoder.lm_head."),
)

QWEN1_RULES: tuple[Rule, ...] = (
    (r"^transformer\.wte\.", "decoder.model.embed_tokens."),
    (r"^transformer\.h\.", "decoder.model.layers."),
    (r"^transformer\.ln_f\.", "decoder.model.norm."),
    (r"^lm_head\.", "decoder.lm_head."),
    (r"^(decoder\.model\.layers\.\d+)\.ln_1\.", r"\1.input_layernorm."),
    (r"^(decoder\.model\.layers\.\d+)\.ln_2\.", r"\1.post_attention_layernorm."),
    (r"^(decoder\.model\.layers\.\d+)\.attn\.c_proj\.", r"\1.self_attn.o_proj."),
    (r"^(decoder\.model\.layers\.\d+)\.mlp\.w1\.", r"\1.mlp.up_proj."),
    (r"^(decoder\.model\.layers\.\d+)\.mlp\.w2\.", r"\1.mlp.gate_proj."),  # silu is on w2
    (r"^(decoder\.model\.layers\.\d+)\.mlp\.c_proj\.", r"\1.mlp.down_proj."),
)
QWEN1_SPLITS = {".attn.c_attn.": (".self_attn.q_proj.", ".self_attn.k_proj.", ".self_attn.v_proj.")}

TOWER_RULES: tuple[Rule, ...] = (
    (r"^(transformer|model)\.vision_tower_high\.", "vocabulary."),
    (r"^(transformer|model)\.vision_tower\.vision_model\.", "clip."),
    (r"^(transformer|model)\.mm_projector_vary\.", "projectors.vocabulary."),
    (r"^(transformer|model)\.mm_projector\.", "projectors.clip."),
)

SAM_RULES: tuple[Rule, ...] = (
    (r"^vocabulary\.patch_embed\.projection\.", "vocabulary.patch_embed.proj."),
    (r"^vocabulary\.layers\.(\d+)\.layer_norm([12])\.", r"vocabulary.blocks.\1.norm\2."),
    (r"^vocabulary\.layers\.", "vocabulary.blocks."),
    (r"^vocabulary\.neck\.conv1\.", "vocabulary.neck.0."),
    (r"^vocabulary\.neck\.layer_norm1\.", "vocabulary.neck.1."),
    (r"^vocabulary\.neck\.conv2\.", "vocabulary.neck.2."),
    (r"^vocabulary\.neck\.layer_norm2\.", "vocabulary.neck.3."),
)
"""From transformers' names of the SAM encoder to the original ones."""


def recognise(layouts: Mapping[str, tuple[Layout, ...]], names: Collection[str], config: Config) -> tuple[str, Layout] | None:
    """The family and the layout of files with those tensors; None if nobody knows them."""
    found = ((family, layout) for family, all_of_it in layouts.items() for layout in all_of_it)
    return next(((family, layout) for family, layout in found if layout.fits(names, config)), None)


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
    return replace(usual, **stated(CLIP_FIELDS, tower), **stated({"layer": "vision_select_layer"}, config))


QWEN1 = Layout(
    "qwen",
    marks=("transformer.h.", "transformer.vision_tower.vision_model.", "transformer.vision_tower_high."),
    rules=TOWER_RULES + QWEN1_RULES,
    splits=QWEN1_SPLITS,
    sizes=qwen1_sizes,
    widths=range(4096),
)
"""Vary-toy and, from 4096 channels on, Vary-base: one layout for two families."""
