"""Pictures as the towers want them: resized as in training to the last bit, normalised, tiled.

Two resizers exist, for two lines of checkpoints: OpenCV's bilinear without antialias, in its own fixed-point
arithmetic, and Pillow's bicubic, always across before down as the Pillow of the training days did it.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vary_cli.model.spec import PixelSpec, TileSpec

Bytes = NDArray[np.uint8]
WEIGHT = 2048  # OpenCV's fixed-point one


def pixels(image: Image.Image, spec: PixelSpec) -> Tensor:
    """A picture as the input of a tower, (3, size, size)."""
    image = image.convert("RGB")
    if spec.fit == "crop":
        image = middle(short_side(image, spec.size), spec.size)
        return normalised(np.asarray(image), spec)
    if spec.resample == "bilinear":
        return normalised(bilinear(np.asarray(image), (spec.size, spec.size)), spec)
    return normalised(np.asarray(bicubic(image, (spec.size, spec.size))), spec)


def normalised(picture: Bytes, spec: PixelSpec) -> Tensor:
    """Bytes (H, W, 3) -> (3, H, W) with the spec's mean and deviation."""
    x = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))).float() / 255
    return (x - torch.tensor(spec.mean)[:, None, None]) / torch.tensor(spec.std)[:, None, None]


def bicubic(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Pillow's antialiased bicubic to (width, height), across and then down; Pillow 13 may go the other way round."""
    across = image.resize((size[0], image.height), Image.Resampling.BICUBIC)
    return across.resize(size, Image.Resampling.BICUBIC)


def short_side(image: Image.Image, side: int) -> Image.Image:
    """Scale a picture so that its shorter side is `side` px; the longer one is rounded down."""
    if image.width <= image.height:
        return bicubic(image, (side, side * image.height // image.width))
    return bicubic(image, (side * image.width // image.height, side))


def middle(image: Image.Image, side: int) -> Image.Image:
    """The square in the middle of a picture."""
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def bilinear(picture: Bytes, size: tuple[int, int]) -> Bytes:
    """OpenCV's INTER_LINEAR of bytes (H, W, 3) to (width, height), rounding included."""
    x0, x1, x_weights = neighbours(picture.shape[1], size[0], settled=True)
    y0, y1, y_weights = neighbours(picture.shape[0], size[1], settled=False)
    source = picture.astype(np.int32)
    across = source[:, x0] * x_weights[0][:, None] + source[:, x1] * x_weights[1][:, None]  # (H, width, 3)
    above = (y_weights[0][:, None, None] * (across[y0] >> 4)) >> 16
    below = (y_weights[1][:, None, None] * (across[y1] >> 4)) >> 16
    return np.asarray((above + below + 2) >> 2, np.uint8)


def neighbours(old: int, new: int, settled: bool) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """For each new pixel the two old ones that it lies between, and their fixed-point weights (2, new).

    Beyond the outermost old pixel that one is both; `settled` gives all weight to one of the two, as OpenCV does across
    and not down: the sum is rounded otherwise.
    """
    place = ((np.arange(new) + 0.5) * (old / new) - 0.5).astype(np.float32)
    first = np.floor(place).astype(np.int64)
    share = place - first.astype(np.float32)
    if settled:
        share[(first < 0) | (first >= old - 1)] = 0
    weights = np.rint(np.stack([1 - share, share]) * np.float32(WEIGHT)).astype(np.int32)
    return first.clip(0, old - 1), (first + 1).clip(0, old - 1), weights


def tiles(image: Image.Image, spec: TileSpec, side: int) -> list[Image.Image]:
    """A page as a grid of square pictures, row by row, and a thumbnail of the whole if there is more than one."""
    columns, rows = grid(image.size, spec.most, side)
    canvas = bicubic(image.convert("RGB"), (columns * side, rows * side))
    corners = [(column * side, row * side) for row in range(rows) for column in range(columns)]
    cut = [canvas.crop((x, y, x + side, y + side)) for x, y in corners]
    return cut if len(cut) == 1 else [*cut, image]


def grid(size: tuple[int, int], most: int, side: int) -> tuple[int, int]:
    """Columns and rows nearest to the page's ratio; among equals the larger grid if the page fills half of it."""
    width, height = size
    shapes = [(i, n // i) for n in range(1, most + 1) for i in range(1, n + 1) if n % i == 0]
    best = shapes[0]
    for shape in shapes:
        difference = abs(width / height - shape[0] / shape[1]) - abs(width / height - best[0] / best[1])
        if difference < 0 or (difference == 0 and width * height > side**2 * shape[0] * shape[1] / 2):
            best = shape
    return best
