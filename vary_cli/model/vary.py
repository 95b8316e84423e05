"""VaryModel: towers look at pictures, projectors carry their tokens into the decoder's space, the decoder writes.

The one network class of the whole family; what differs stands in its ModelSpec. It knows neither files nor text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from transformers import Cache, CLIPVisionConfig, CLIPVisionModel

from vary_cli.model import decoder
from vary_cli.model.glyphs import GlyphHead
from vary_cli.model.marks import Places, Rows
from vary_cli.model.spec import Branch, ClipSpec, ModelSpec
from vary_cli.model.vocabulary import VocabularyNetwork

IGNORED = -100  # a label that is not learned


@dataclass(frozen=True)
class Batch:
    """The only thing that VaryModel accepts."""

    ids: Tensor
    """(B, L) token ids; the pad marker stands where an image's row goes, in the order of the pictures."""
    mask: Tensor
    """(B, L) 1 where there is a token, 0 where there is padding (on the left when reading)."""
    pixels: Mapping[str, Tensor] = field(default_factory=dict)
    """Tower -> (pictures, C, H, W), all pictures of all samples in order; empty: text alone."""
    labels: Tensor | None = None
    """(B, L) ids to learn, -100 elsewhere."""
    valid: Tensor | None = None
    """(pictures, columns of grid cells) which columns of the vocabulary network's grid are not padding."""
    named: Rows | None = None
    """What the glyph head named on the pictures, in place of pixels."""

    @property
    def prompt(self) -> Tensor:
        """(B, L) what stands before the first token that is to be learned."""
        asked = self.mask.bool()
        return asked if self.labels is None else asked & ((self.labels != IGNORED).cumsum(-1) == 0)

    @property
    def places(self) -> Tensor:
        """(B, L) the positions, padding aside."""
        return (self.mask.long().cumsum(-1) - 1).clamp(min=0)

    def to(self, device: torch.device | str, dtype: torch.dtype | None = None) -> Batch:
        """The batch on a device, its pixels in `dtype`."""
        return Batch(
            self.ids.to(device),
            self.mask.to(device),
            {tower: x.to(device, dtype) for tower, x in self.pixels.items()},
            None if self.labels is None else self.labels.to(device),
            None if self.valid is None else self.valid.to(device),
            None if self.named is None else self.named.to(device),
        )


class VaryModel(nn.Module):
    """Vision towers, projectors and a decoder; the children `vocabulary`, `clip`, `projectors`, `decoder`, `glyphs`.

    What a spec leaves out is None: a model without a decoder has no projectors and cannot be called.
    """

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.spec = spec
        self.vocabulary = VocabularyNetwork(spec.vocabulary)
        self.clip = None if spec.clip is None else clip_tower(spec.clip)
        self.glyphs = None if spec.glyphs is None else GlyphHead(spec.vocabulary.token_width, spec.glyphs)
        self.decoder = None if spec.decoder is None else decoder.build(spec.decoder)
        self.projectors = nn.ModuleDict({b.tower: projector(spec, b) for b in spec.branches})

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, L, vocabulary) at every position."""
        return self.logits(self.hidden(batch))

    def hidden(self, batch: Batch) -> Tensor:
        """The decoder's last hidden states (B, L, width)."""
        assert self.spec.decoder is not None
        mask = decoder.visible(batch.mask, batch.prompt) if self.spec.decoder.prefix else batch.mask
        return self.decode(self.embed(batch), mask, batch.places, batch.mask.sum(-1))

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., width) -> (..., vocabulary); call it for the positions that matter only, the table is large."""
        assert self.decoder is not None
        logits: Tensor = self.decoder.lm_head(hidden)
        return logits

    def decode(
        self, embeds: Tensor, mask: Tensor, positions: Tensor, prompts: Tensor, cache: Cache | None = None
    ) -> Tensor:
        """Hidden states of embedded tokens (B, L, width).

        mask (B, L), or (B, 1, L, keys) as transformers takes it; prompts (B,): the lengths of the prompts.
        """
        assert self.decoder is not None
        assert self.spec.decoder is not None
        decoder.place(self.decoder, self.spec.decoder, positions, prompts)
        arguments = {"inputs_embeds": embeds, "attention_mask": mask, "position_ids": positions}
        return decoder.hidden(self.decoder, cache, arguments)

    def embed(self, batch: Batch) -> Tensor:
        """Tokens' embeddings with the images' rows in place of the pads (B, L, width)."""
        assert self.decoder is not None
        table = self.decoder.get_input_embeddings()
        if not batch.pixels and batch.named is None:
            plain: Tensor = table(batch.ids)
            return plain
        pads = batch.ids == self.spec.markers.pad
        embeds = table(batch.ids.masked_fill(pads, 0))
        rows = self.see(batch.pixels) if batch.named is None else self.name(batch.named)
        if len(rows) != pads.sum():
            raise ValueError(f"{int(pads.sum())} pads stand in the ids for {len(rows)} rows of pictures")
        spliced: Tensor = embeds.masked_scatter(pads[..., None], rows.to(embeds.dtype))
        return spliced

    def name(self, named: Rows) -> Tensor:
        """The rows of what the glyph head named (rows, decoder width)."""
        assert self.decoder is not None
        rows: Tensor = self.decoder.get_input_embeddings()(named.ids) + self.projectors["glyphs"](named.places)
        return rows

    def see(self, pixels: Mapping[str, Tensor]) -> Tensor:
        """The rows of all pictures, one after the other (rows, decoder width); the branches joined on the channels."""
        found = [self.projectors[b.tower](self.tokens(b.tower, pixels[b.tower])) for b in self.spec.branches]
        return torch.cat(found, -1).flatten(0, 1)

    def tokens(self, tower: str, pixels: Tensor) -> Tensor:
        """What one tower makes of pictures (pictures, tokens, token width)."""
        if tower == "vocabulary":
            tokens: Tensor = self.vocabulary(pixels)
            return tokens
        return self.clip_tokens(pixels)

    def clip_tokens(self, pixels: Tensor) -> Tensor:
        """The chosen hidden state of CLIP without its class token; later layers do not run."""
        assert self.clip is not None
        assert self.spec.clip is not None
        x = self.clip.pre_layrnorm(self.clip.embeddings(pixels))
        for layer in self.clip.encoder.layers[: self.spec.clip.layers_used]:
            x = layer(x, None)
        tokens: Tensor = x[:, 1:]
        return tokens


def projector(spec: ModelSpec, branch: Branch) -> nn.Module:
    """What carries a branch's tokens into its channels of the decoder's space."""
    if branch.tower == "glyphs":
        return Places(branch.width)
    tower = spec.vocabulary if branch.tower == "vocabulary" else spec.clip
    assert tower is not None
    return nn.Linear(tower.token_width, branch.width)


def clip_tower(spec: ClipSpec) -> CLIPVisionModel:
    """transformers' CLIP vision tower with random weights."""
    config = CLIPVisionConfig(
        hidden_size=spec.width,
        num_hidden_layers=spec.depth,
        num_attention_heads=spec.heads,
        intermediate_size=spec.ffn,
        image_size=spec.image_size,
        patch_size=spec.patch,
        hidden_act="quick_gelu",
        layer_norm_eps=1e-5,
    )
    tower = CLIPVisionModel(config)
    places = (spec.image_size // spec.patch) ** 2 + 1
    real = torch.arange(places, device="cpu")[None]  # even while the rest is built on "meta"
    tower.embeddings.register_buffer("position_ids", real, persistent=False)
    return tower
