"""The new vision vocabulary: ViTDet blocks, a neck and two strided convolutions turn pixels into vision tokens.

The computation is SAM's image encoder (segment-anything, image_encoder.py) with Vary's net_2 and net_3 on top
(Vary paper, section 3.2). Attention runs through SDPA. It knows nothing of text.
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vary_cli.model.grids import cells_seen, keep, one_hot_places, relative, to_windows, unwindow
from vary_cli.model.spec import VocabularySpec

SMALL = 512  # cells of a grid whose attention bias may stand in memory


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of a (B, C, H, W) map (SAM's LayerNorm2d)."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> the same."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class PatchStem(nn.Module):
    """One strided convolution: a patch of pixels becomes a grid cell. (B, C, H, W) -> (B, rows, columns, width)."""

    def __init__(self, spec: VocabularySpec) -> None:
        super().__init__()
        self.proj = nn.Conv2d(spec.channels, spec.width, spec.patch, stride=spec.patch)

    def forward(self, pixels: Tensor, valid: Tensor | None) -> Tensor:
        """(B, C, H, W) -> (B, rows, columns, width); nothing needs `valid`, patches do not overlap."""
        patches: Tensor = self.proj(pixels)
        return patches.permute(0, 2, 3, 1)


class Halving(nn.Module):
    """A stride-2 convolution and, if `deep`, a residual one at the new scale, both batch-normalised."""

    def __init__(self, inner: int, outer: int, deep: bool) -> None:
        super().__init__()
        self.down = nn.Conv2d(inner, outer, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outer)
        self.refine = nn.Conv2d(outer, outer, 3, padding=1, bias=False) if deep else None
        self.refine_norm = nn.BatchNorm2d(outer) if deep else None

    def forward(self, x: Tensor, valid: Tensor | None) -> Tensor:
        """(B, inner, H, W) -> (B, outer, H / 2, W / 2)."""
        x = keep(F.relu(self.norm(self.down(x))), valid)
        if self.refine is None or self.refine_norm is None:
            return x
        return keep(x + F.relu(self.refine_norm(self.refine(x))), valid)


class ConvolutionalStem(nn.Module):
    """Stride-2 convolutions up to the grid: learns strokes from little data where a bare patch projection cannot."""

    def __init__(self, spec: VocabularySpec) -> None:
        super().__init__()
        widths = (spec.channels, *spec.stem)
        self.halvings = nn.ModuleList(Halving(a, b, deep=i > 0) for i, (a, b) in enumerate(pairwise(widths)))

    def forward(self, pixels: Tensor, valid: Tensor | None) -> Tensor:
        """(B, C, H, W) -> (B, rows, columns, width)."""
        x = pixels.contiguous(memory_format=torch.channels_last)
        for halving in self.halvings:
            x = halving(x, valid)
        return x.permute(0, 2, 3, 1)


class Attention(nn.Module):
    """Multi-head attention over a grid, with decomposed relative positions where the grid's size is known."""

    def __init__(self, width: int, heads: int, grid: tuple[int, int] | None) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        if grid is not None:
            head = width // heads
            self.rel_pos_h = nn.Parameter(torch.zeros(2 * grid[0] - 1, head))
            self.rel_pos_w = nn.Parameter(torch.zeros(2 * grid[1] - 1, head))
        self.grid = grid

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        """x (B, rows, columns, width); seen (B, 1, 1, N): which cells may be attended to."""
        batch, rows, columns, width = x.shape
        qkv = self.qkv(x).reshape(batch, rows * columns, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = qkv.unbind(0)  # each (B, heads, N, head)
        if self.grid is None:
            out = F.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        else:
            out = self.placed(query, key, value)
        mixed: Tensor = self.proj(out.transpose(1, 2).reshape(batch, rows, columns, width))
        return mixed

    def placed(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Attention with the relative-position bias of an unscaled query, all (B, heads, N, head).

        A window's bias (N, N) is small. A whole grid's is not: there the bias, a product of the query's shares with
        the key's one-hot row and column, rides along as further channels of query and key.
        """
        rows, columns = self.grid  # type: ignore[misc]
        grid = query.reshape(*query.shape[:2], rows, columns, -1)  # (B, heads, rows, columns, head)
        high = torch.einsum("bhrcd,rkd->bhrck", grid, relative(self.rel_pos_h, rows))
        wide = torch.einsum("bhrcd,ckd->bhrck", grid, relative(self.rel_pos_w, columns))
        if rows * columns <= SMALL:
            bias = (high[..., :, None] + wide[..., None, :]).flatten(4, 5).flatten(2, 3)
            return F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        head = query.shape[-1]
        query = torch.cat([query * head**-0.5, high.flatten(2, 3), wide.flatten(2, 3)], -1)
        key = torch.cat([key, one_hot_places(rows, columns, key).expand(*key.shape[:2], -1, -1)], -1)
        value = F.pad(value, (0, rows + columns))  # the fast kernels want one width
        return F.scaled_dot_product_attention(query, key, value, scale=1.0)[..., :head]


class Block(nn.Module):
    """Pre-norm transformer block; attends to windows, or to the whole grid where `window` is None."""

    def __init__(self, spec: VocabularySpec, window: tuple[int, int] | None, grid: tuple[int, int] | None) -> None:
        super().__init__()
        self.window = window
        self.norm1 = nn.LayerNorm(spec.width, eps=1e-6)
        self.attn = Attention(spec.width, spec.heads, grid)
        self.norm2 = nn.LayerNorm(spec.width, eps=1e-6)
        self.mlp = Mlp(spec.width)

    def forward(self, x: Tensor, valid: Tensor | None) -> Tensor:
        """x (B, rows, columns, width); valid (B, columns)."""
        normed = self.norm1(x)
        if self.window is None:
            attended = self.attn(normed, None if valid is None else cells_seen(valid, x.shape))
        else:
            if valid is not None:
                normed = normed * valid[:, None, :, None]
            attended = unwindow(self.attn(to_windows(normed, self.window)), self.window, x.shape)
        x = x + attended
        return torch.add(x, self.mlp(self.norm2(x)))


class Mlp(nn.Module):
    """Two linear layers with an exact GELU between, four times as wide inside."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.lin1 = nn.Linear(width, 4 * width)
        self.lin2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(..., width) -> (..., width)."""
        out: Tensor = self.lin2(F.gelu(self.lin1(x)))
        return out


class VocabularyNetwork(nn.Module):
    """Pixels (B, C, H, W) -> vision tokens (B, rows * columns, token width), row by row.

    `valid` (B, columns of grid cells) marks what is not padding on the right; a padded image then reads exactly
    as it does alone. Published networks take one size and need none.
    """

    def __init__(self, spec: VocabularySpec) -> None:
        super().__init__()
        self.spec = spec
        side = None if spec.image_size is None else spec.image_size // spec.patch
        self.patch_embed = ConvolutionalStem(spec) if spec.stem else PatchStem(spec)
        self.pos_embed = None if side is None else nn.Parameter(torch.zeros(1, side, side, spec.width))
        whole = None if side is None else (side, side)
        self.blocks = nn.ModuleList(
            Block(spec, None, whole) if i in spec.global_blocks else Block(spec, spec.window, spec.window)
            for i in range(spec.depth)
        )
        self.neck = nn.Sequential(
            nn.Conv2d(spec.width, spec.neck, 1, bias=False),
            ChannelNorm(spec.neck, eps=1e-6),
            nn.Conv2d(spec.neck, spec.neck, 3, padding=1, bias=False),
            ChannelNorm(spec.neck, eps=1e-6),
        )
        middle, last = spec.merge
        self.net_2 = nn.Conv2d(spec.neck, middle, 3, stride=spec.merge_stride, padding=1, bias=False)
        self.net_3 = nn.Conv2d(middle, last, 3, stride=spec.merge_stride, padding=1, bias=False)

    def forward(self, pixels: Tensor, valid: Tensor | None = None) -> Tensor:
        """(B, C, H, W) -> (B, tokens, token width)."""
        return self.merge(self.features(pixels, valid), valid)

    def features(self, pixels: Tensor, valid: Tensor | None = None) -> Tensor:
        """The neck's map (B, neck, rows, columns), before the strided convolutions."""
        x = self.patch_embed(pixels, valid)  # (B, rows, columns, width)
        if self.pos_embed is not None:
            x = x + self.pos_embed
        for block in self.blocks:
            x = block(x, valid)
        x = keep(x.permute(0, 3, 1, 2), valid)
        for layer in self.neck:
            x = keep(layer(x), valid)
        return x

    def merge(self, x: Tensor, valid: Tensor | None = None) -> Tensor:
        """(B, neck, rows, columns) -> (B, tokens, token width)."""
        x = self.net_2(x)
        if self.spec.merge_activation:
            x = F.gelu(x)
        x = self.net_3(keep(x, valid))
        return x.flatten(2).transpose(1, 2)
