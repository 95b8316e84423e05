"""How published files name the tensors that ours name otherwise. Data and renaming.

A checkpoint is recognised by its keys, never by `model_type` or paths in its config. Knows no tensors, only names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from vary_cli.model.sizes import Config, bare_sizes, qwen1_sizes
from vary_cli.model.spec import ModelSpec

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

QWEN1 = Layout(
    "qwen",
    marks=("transformer.h.", "transformer.vision_tower.vision_model.", "transformer.vision_tower_high."),
    rules=TOWER_RULES + QWEN1_RULES,
    splits=QWEN1_SPLITS,
    sizes=qwen1_sizes,
    widths=range(4096),
)
"""Vary-toy and, from 4096 channels on, Vary-base: one layout for two families."""

PARTS: dict[str, tuple[Layout, ...]] = {
    "vocabulary": (
        Layout("vocabulary", marks=("pos_embed", "net_2."), rules=((r"^", "vocabulary."),), sizes=bare_sizes),
    ),
    "sam": (
        Layout(
            "sam",
            marks=("image_encoder.",),
            rules=((r"^image_encoder\.", "vocabulary."),),
            ignored=(r"^(prompt_encoder|mask_decoder)\.",),
        ),
        Layout(
            "sam, transformers",
            marks=("vision_encoder.",),
            rules=((r"^vision_encoder\.", "vocabulary."), *SAM_RULES),
            ignored=(r"^(prompt_encoder|mask_decoder|shared_image_embedding)\.",),
        ),
    ),
    "clip": (
        Layout(
            "clip",
            marks=("vision_model.encoder.",),
            rules=((r"^vision_model\.", "clip."),),
            ignored=(r"^(text_model|text_projection|visual_projection|logit_scale)\b",),
        ),
    ),
    "decoder": (
        Layout("qwen", marks=("transformer.h.",), rules=QWEN1_RULES, splits=QWEN1_SPLITS),
        Layout("llama or qwen2", marks=("model.layers.", "model.embed_tokens."), rules=LLAMA_RULES),
        Layout("opt", marks=("model.decoder.layers.",), rules=OPT_RULES),
        Layout("opt, bare", marks=("decoder.layers.",), rules=((r"^decoder\.", "decoder.model.decoder."),)),
    ),
}
"""Parts of models that training starts from; the vocabulary network also stands alone."""


def recognise(
    layouts: Mapping[str, tuple[Layout, ...]], names: Collection[str], config: Config
) -> tuple[str, Layout] | None:
    """The family and the layout of files with those tensors; None if nobody knows them."""
    found = ((family, layout) for family, those in layouts.items() for layout in those)
    return next(((family, layout) for family, layout in found if layout.fits(names, config)), None)
