"""Grids of cells: windows and back, places, and what of a padded grid is real. Functions of tensors, no weights."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def keep(x: Tensor, valid: Tensor | None) -> Tensor:
    """Zero what lies right of the image, as the zero padding of a convolution would be. x (B, C, H, W)."""
    if valid is None:
        return x
    if x.shape[-1] != valid.shape[-1]:  # finer than the grid (the stem) or coarser (strided columns)
        scale = x.shape[-1] / valid.shape[-1]
        valid = valid.repeat_interleave(int(scale), 1) if scale > 1 else valid[:, :: round(1 / scale)]
    return x * valid[:, None, None, :].to(x.dtype)


def cells_seen(valid: Tensor, shape: torch.Size) -> Tensor:
    """valid (B, columns) -> (B, 1, 1, rows * columns) for attention over a grid of that shape (B, rows, columns, C)."""
    return valid.bool()[:, None, :].expand(-1, shape[1], -1).flatten(1)[:, None, None, :]


def relative(table: Tensor, size: int) -> Tensor:
    """Rows of a (2 * size - 1, head) table for every query-key distance -> (size, size, head)."""
    places = torch.arange(size, device=table.device)
    return table[places[:, None] - places[None, :] + size - 1]


def one_hot_places(rows: int, columns: int, like: Tensor) -> Tensor:
    """For each cell of a grid its row and its column, one-hot -> (rows * columns, rows + columns)."""
    row = torch.eye(rows, dtype=like.dtype, device=like.device).repeat_interleave(columns, 0)
    column = torch.eye(columns, dtype=like.dtype, device=like.device).repeat(rows, 1)
    return torch.cat([row, column], 1)


def to_windows(x: Tensor, window: tuple[int, int]) -> Tensor:
    """(B, rows, columns, C) -> (B * windows, *window, C), zero-padded below and on the right."""
    batch, rows, columns, width = x.shape
    high, wide = window
    x = F.pad(x, (0, 0, 0, -columns % wide, 0, -rows % high))
    x = x.reshape(batch, x.shape[1] // high, high, x.shape[2] // wide, wide, width)
    return x.transpose(2, 3).reshape(-1, high, wide, width)


def unwindow(x: Tensor, window: tuple[int, int], shape: torch.Size) -> Tensor:
    """The inverse of `to_windows` for a grid of `shape` (B, rows, columns, C)."""
    batch, rows, columns, width = shape
    high, wide = window
    down, across = -(-rows // high), -(-columns // wide)
    x = x.reshape(batch, down, across, high, wide, width).transpose(2, 3)
    return x.reshape(batch, down * high, across * wide, width)[:, :rows, :columns]
