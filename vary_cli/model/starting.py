"""Where training starts from: the tensors that a checkpoint shares with a model, a whole one or a part of one.

SAM-base gives the vocabulary network (its two last convolutions stay new), CLIP-L its tower, a plain language model the
decoder, a checkpoint of the family everything that has the same shape.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vary_cli.errors import WeightsError
from vary_cli.model import accounts
from vary_cli.model.recognition import recognised
from vary_cli.model.vary import VaryModel

PARTS = ("vocabulary", "clip", "projectors", "decoder", "glyphs")
TABLES = ("embed_tokens.weight", "lm_head.weight")
POSITIONS = "embed_positions.weight"
OFFSET = 2  # rows before OPT's first position


@torch.no_grad()
def start(model: VaryModel, path: Path, parts: Collection[str] = PARTS) -> set[str]:
    """Copy what a checkpoint has of some parts of a model into it -> the names of the tensors.

    A table of more or fewer tokens is cut or filled with its mean, learned positions are interpolated to the model's
    length. Raises WeightsError where a tensor has another shape, or nothing fits.
    """
    mine = model.state_dict()
    taken: set[str] = set()
    for name, tensor in accounts.renamed(recognised(path)):
        if name in mine and name.partition(".")[0] in parts:
            mine[name].copy_(fitted(name, tensor.to(mine[name].dtype), mine[name].shape, str(path)))
            taken.add(name)
    if not taken:
        missed = f"{path} has no tensor of {', '.join(parts)} as {model.spec.name} has them"
        raise WeightsError(missed, "see what it is: vary models info PATH")
    return taken


def fitted(name: str, tensor: Tensor, shape: torch.Size, where: str) -> Tensor:
    """A tensor in the shape that a model wants of it."""
    if tensor.shape == shape:
        return tensor
    if name.endswith(TABLES) and tensor.shape[1:] == shape[1:]:
        return table(tensor, shape[0])
    if name.endswith(POSITIONS) and tensor.shape[1:] == shape[1:]:
        return torch.cat([tensor[:OFFSET], stretched(tensor[OFFSET:], shape[0] - OFFSET)])
    message = f"{where}: {name} is {list(tensor.shape)}, not {list(shape)}"
    raise WeightsError(message, "start from a checkpoint of the same family and size")


def table(tensor: Tensor, rows: int) -> Tensor:
    """A token table with another number of rows; new ones are the mean of the old."""
    new = tensor.mean(0, keepdim=True).expand(max(0, rows - len(tensor)), -1)
    return torch.cat([tensor[:rows], new])


def stretched(tensor: Tensor, rows: int) -> Tensor:
    """Learned positions interpolated to another number of them."""
    return F.interpolate(tensor.T[None].float(), rows, mode="linear", align_corners=True)[0].T.to(tensor.dtype)
