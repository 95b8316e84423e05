"""What a family of models is, as data: shapes, prompts, preprocessing. Knows neither torch nor files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Stem = Literal["patch", "convolutional"]


@dataclass(frozen=True)
class VocabularySpec:
    """Shape of the vocabulary network (Vary paper, section 3.2: SAM-base ViTDet and two stride-2 convolutions).

    The defaults are the published network: 1024 px square, a 64 x 64 grid, 256 tokens of 1024.
    """

    width: int = 768
    """Channels of the transformer blocks."""
    depth: int = 12
    """Number of transformer blocks."""
    heads: int = 12
    """Attention heads of each block."""
    window: tuple[int, int] = (14, 14)
    """Rows and columns of the attention windows."""
    global_blocks: tuple[int, ...] = (2, 5, 8, 11)
    """Blocks that attend to the whole grid instead of to windows."""
    channels: int = 3
    """Channels of the input image: 3 (RGB) or 1 (ink on paper)."""
    image_size: int | None = 1024
    """Side of the square input in px; None: any height and width, no absolute positions, windows alone know places."""
    patch: int = 16
    """Pixels a grid cell covers in each direction."""
    stem: tuple[int, ...] = ()
    """Channels of the stride-2 convolutions before the blocks; empty: one patch convolution, as published."""
    neck: int = 256
    """Channels of the neck."""
    merge: tuple[int, int] = (512, 1024)
    """Output channels of the two strided convolutions; the last is the width of a vision token."""
    merge_stride: tuple[int, int] = (2, 2)
    """Stride of both convolutions, rows and columns."""
    merge_activation: bool = False
    """A GELU between the two convolutions (the published network has none)."""

    @property
    def token_width(self) -> int:
        """Channels of one vision token."""
        return self.merge[-1]

    @property
    def cell(self) -> tuple[int, int]:
        """Height and width in px of what one vision token covers."""
        rows, columns = self.merge_stride
        return self.patch * rows**2, self.patch * columns**2


@dataclass(frozen=True)
class GlyphSpec:
    """The characters a glyph head can name."""

    common: str
    """Characters told apart on every half cell: Latin, digits, punctuation, Greek, mathematical signs."""
    han: str = ""
    """Han characters, told apart only where the common classes say Han."""


@dataclass(frozen=True)
class DecoderSpec:
    """Shape of an OPT-style decoder (pre-norm, learned positions, ReLU, tied embeddings)."""

    width: int = 256
    depth: int = 4
    heads: int = 8
    ffn: int = 1024
    positions: int = 1024
    vocabulary: int = 6144


_ = field
