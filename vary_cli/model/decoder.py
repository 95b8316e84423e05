"""The language model behind the vision tokens: transformers' OPT, Qwen2 or Llama, built from a DecoderSpec.

Qwen v1 computes what Qwen2 computes up to its trained length. Beyond it, when reading, queries are scaled with the
logarithm of their position (log-n attention) and a prompt that is itself longer stretches the rotary base (dynamic
NTK). `Rotary` and `LogScaled` add just that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from inspect import signature
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    Cache,
    LlamaConfig,
    LlamaForCausalLM,
    OPTConfig,
    OPTForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from vary_cli.model.spec import DecoderSpec


class Rotary(nn.Module):
    """Cosines and sines of rotary positions, (B, L) -> two of (B, L, head); stands in for transformers' own.

    `stretch` (B, 1, 1), where set, multiplies the base for each row: dynamic NTK's alpha, chosen once for a prompt.
    """

    def __init__(self, head: int, base: float) -> None:
        super().__init__()
        self.head, self.base = head, base
        self.stretch: Tensor | None = None

    @torch.no_grad()
    def forward(self, x: Tensor, position_ids: Tensor) -> tuple[Tensor, Tensor]:
        """x says device and dtype, position_ids (B, L) the places."""
        exponents = torch.arange(0, self.head, 2, dtype=torch.float, device=x.device) / self.head
        base: float | Tensor = self.base
        if self.stretch is not None:
            base = self.base * self.stretch.to(x.device) ** (self.head / (self.head - 2))
        angles = position_ids[..., None].float() * (1.0 / (base**exponents))
        angles = torch.cat([angles, angles], -1)
        return angles.cos().to(x.dtype), angles.sin().to(x.dtype)


def stretch(prompt: Tensor, trained: int) -> Tensor:
    """Dynamic NTK's factor for prompts of those lengths, (B,) -> (B, 1, 1): 1 up to the trained length."""
    doublings = torch.ceil(torch.log2(prompt.double() / trained) + 1)
    return (2**doublings - 1).clamp(min=1).float()[:, None, None]


class LogScaled(nn.Linear):
    """A query projection whose output is scaled by `factor` (B, L), where set: before the rotation is after it."""

    factor: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, width) -> (B, L, width)."""
        query = super().forward(x)
        return query if self.factor is None else query * self.factor[..., None].to(query.dtype)


def logarithms(positions: Tensor, trained: int) -> Tensor:
    """Log-n attention's factor at positions counted from 0: 1 up to the trained length."""
    return (torch.log(positions.float() + 1) / math.log(trained)).clamp(min=1)


def place(model: PreTrainedModel, spec: DecoderSpec, positions: Tensor, prompts: Tensor) -> None:
    """Tell a decoder with a trained length where the coming tokens stand (B, L) and how long the prompts are (B,)."""
    if spec.trained_length is None:
        return
    factor = None if model.training else logarithms(positions, spec.trained_length)
    model.model.rotary_emb.stretch = None if model.training else stretch(prompts, spec.trained_length)
    for layer in model.model.layers:
        layer.self_attn.q_proj.factor = factor


def visible(mask: Tensor, prompt: Tensor | None = None) -> Tensor:
    """Who sees whom, (B, 1, L, L): each token what is before it, and of a `prompt` (B, L) each sees the whole.

    mask (B, L): what is no padding. All see themselves, for nobody may see nothing at all.
    """
    length = mask.shape[1]
    seen = torch.ones(length, length, dtype=torch.bool, device=mask.device).tril()[None]
    if prompt is not None:
        seen = seen | (prompt[:, :, None] & prompt[:, None])
    itself = torch.eye(length, dtype=torch.bool, device=mask.device)
    return ((seen & mask.bool()[:, None]) | itself)[:, None]


def hidden(model: PreTrainedModel, cache: Cache | None, arguments: Mapping[str, Tensor]) -> Tensor:
    """A decoder's last hidden states (B, L, width)."""
    body = model.model
    # The argument that transformers 5.24 renamed; passing the old name warns there, and fails from 5.40 on.
    name = "cache" if "cache" in signature(body.forward).parameters else "past_key_values"
    states: Tensor = body(**arguments, **{name: cache}, use_cache=cache is not None).last_hidden_state
    return states


def build(spec: DecoderSpec) -> PreTrainedModel:
    """The language model that `spec` describes, with random weights."""
    model: PreTrainedModel
    if spec.kind == "opt":
        model = OPTForCausalLM(opt_config(spec))
    else:
        model = Qwen2ForCausalLM(qwen2_config(spec)) if spec.kind == "qwen2" else LlamaForCausalLM(llama_config(spec))
        model.model.rotary_emb = Rotary(spec.width // spec.heads, spec.rope_base)
    if spec.trained_length is not None:
        for layer in model.model.layers:
            layer.self_attn.q_proj = LogScaled(spec.width, spec.width)
    tie(model, spec)
    return model


def tie(model: PreTrainedModel, spec: DecoderSpec) -> None:
    """Let the output layer be the token table, where the spec says so."""
    if spec.tied:
        model.lm_head.weight = model.get_input_embeddings().weight


def opt_config(spec: DecoderSpec) -> OPTConfig:
    """transformers' configuration of an OPT (pre-norm, learned positions, ReLU)."""
    return OPTConfig(
        vocab_size=spec.vocabulary,
        hidden_size=spec.width,
        word_embed_proj_dim=spec.width,
        num_hidden_layers=spec.depth,
        num_attention_heads=spec.heads,
        ffn_dim=spec.ffn,
        max_position_embeddings=spec.positions,
        tie_word_embeddings=spec.tied,
        dropout=0.0,
        pad_token_id=None,
        bos_token_id=None,
        eos_token_id=None,
    )


def rotary_fields(spec: DecoderSpec) -> dict[str, Any]:
    """What the configurations of Qwen2 and Llama have in common."""
    return {
        "vocab_size": spec.vocabulary,
        "hidden_size": spec.width,
        "intermediate_size": spec.ffn,
        "num_hidden_layers": spec.depth,
        "num_attention_heads": spec.heads,
        "num_key_value_heads": spec.kv_heads or spec.heads,
        "max_position_embeddings": spec.positions,
        "rms_norm_eps": spec.norm_eps,
        "tie_word_embeddings": spec.tied,
        "pad_token_id": None,
        "bos_token_id": None,
        "eos_token_id": None,
    }


def qwen2_config(spec: DecoderSpec) -> Qwen2Config:
    """transformers' configuration of a Qwen2."""
    return Qwen2Config(**rotary_fields(spec), use_sliding_window=False)


def llama_config(spec: DecoderSpec) -> LlamaConfig:
    """transformers' configuration of a Llama."""
    return LlamaConfig(**rotary_fields(spec))
