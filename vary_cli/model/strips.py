"""Lines of text as strips: cut out of a picture, em and baseline scaled to where the network expects them.

What is read in two dimensions, a formula, becomes a block: as high as several strips, its em scaled alike. Training
cuts with the same functions, with some error in scale and place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vary_cli.document import Box, Line
from vary_cli.example import Example
from vary_cli.model.vocabulary import VocabularyNetwork

HEIGHT = 32  # of a strip, px
EM = 24.0  # of the text on it, px
BASELINE = 23.5  # from the strip's top, px
MARGIN = 0.35  # of an em of paper left and right of a line's ink
BLOCK_EM = 26.0  # of the text on a block, px
ENLARGED = 1.38  # times that em in most looks at a block: its scripts are as large as the text of lines
LARGEST = (20 * HEIGHT, 1800)  # height and width of a block, px; larger ones are made smaller,
MOST = 700_000  # and so are those of more px
ATONCE = 64  # blocks that are sorted by size together
PANEL, LIGHTER = 180, 40  # gray levels: panels are darker than that, and letters on them by so much lighter
SEEN = 0.5  # of ink (black is 2): a cell that is all paler holds nothing


def line_box(line: Line) -> tuple[Box, int]:
    """The part of the picture that becomes the line's strip, and the strip's width in px."""
    scale = EM / line.em
    left = line.box[0] - MARGIN * line.em
    width = max(HEIGHT // 2, round((line.box[2] + MARGIN * line.em - left) * scale))
    top = line.baseline - BASELINE / scale
    return (left, top, left + width / scale, top + HEIGHT / scale), width


def places(line: Line, cell_width: int) -> tuple[float, float]:
    """Where a line's strip begins, and how wide a cell of it is, px of the picture."""
    (left, _, _, _), _ = line_box(line)
    return left, cell_width * line.em / EM


def window(image: Image.Image, box: Box, size: tuple[int, int], how: Image.Resampling) -> NDArray[np.uint8]:
    """A box of a gray picture scaled to `size` (width, height) -> (height, width); outside of it is paper."""
    x0, y0, x1, y1 = box
    left, top, right, bottom = int(x0) - 4, int(y0) - 4, int(x1) + 5, int(y1) + 5
    inside = (max(0, left), max(0, top), min(image.width, right), min(image.height, bottom))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return np.full((size[1], size[0]), 255, np.uint8)
    canvas = Image.new("L", (right - left, bottom - top), 255)
    canvas.paste(image.crop(inside), (inside[0] - left, inside[1] - top))
    return np.asarray(canvas.resize(size, how, box=(x0 - left, y0 - top, x1 - left, y1 - top)))


def strip(image: Image.Image, line: Line) -> NDArray[np.uint8]:
    """The strip of one line of a gray picture, (HEIGHT, width); light letters on a panel become dark ones on paper."""
    box, width = line_box(line)
    return positive(window(image, box, (width, HEIGHT), Image.Resampling.BICUBIC))


def positive(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A strip as it is, or if most of it is dark, and the rest lighter, the other way round."""
    panel = float(np.median(pixels))
    if panel > PANEL or np.mean(pixels > panel + LIGHTER) < np.mean(pixels < panel - LIGHTER):
        return pixels
    lighter = np.clip(pixels.astype(np.float32) - panel, 0, None) * (255 / (255 - panel))
    return np.asarray(255 - lighter, np.uint8)


def block(image: Image.Image, em: float, top: int = HEIGHT // 4) -> NDArray[np.uint8]:
    """A gray picture scaled so that its em is BLOCK_EM, below `top` px of paper, as high as whole strips."""
    wide, high = image.size
    scale = min(BLOCK_EM / em, (LARGEST[0] - top) / high, LARGEST[1] / wide, (MOST / (wide * high)) ** 0.5)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    scaled = np.asarray(image.resize(size, Image.Resampling.BICUBIC))
    paper = np.full((-(-(size[1] + top) // HEIGHT) * HEIGHT, size[0]), int(np.percentile(scaled, 90)), np.uint8)
    paper[top : top + size[1]] = scaled
    return paper


def chunks(examples: Iterable[Example]) -> Iterator[list[Example]]:
    """Examples of blocks, as many as are sorted by size together."""
    stream = iter(examples)
    while chunk := list(islice(stream, ATONCE)):
        yield chunk


def stack(strips: Sequence[NDArray[np.uint8]], cell: int, shape: tuple[int, int] = (0, 0)) -> tuple[Tensor, Tensor]:
    """Strips or blocks side by side in a batch: gray (B, 1, height, width), 255 is paper; valid (B, cells of a row).

    `shape`: rows of cells and cells in a row that the batch has at least.
    """
    cells = [-(-s.shape[1] // cell) for s in strips]
    high, wide = max(shape[0] * HEIGHT, *(s.shape[0] for s in strips)), max(shape[1], *cells)
    gray = np.full((len(strips), 1, high, wide * cell), 255, np.uint8)
    valid = np.zeros((len(strips), wide), np.float32)
    for i, (s, n) in enumerate(zip(strips, cells, strict=True)):
        gray[i, 0, : s.shape[0], : s.shape[1]] = s
        valid[i, :n] = 1
    return torch.from_numpy(gray), torch.from_numpy(valid)


def vision_tokens(network: VocabularyNetwork, strips: Sequence[NDArray[np.uint8]]) -> Tensor:
    """One look of a network at strips or blocks: vision tokens (B, cells of all rows, width)."""
    gray, valid = stack(strips, network.spec.cell[1])
    parameter = next(network.parameters())
    found: Tensor = network(ink(gray.to(parameter.device)).to(parameter), valid.to(parameter))
    return found


def ink(gray: Tensor) -> Tensor:
    """What networks see of gray pixels: 0 is paper and 2 black."""
    return (255 - gray.float()) / 127.5


def shown(ink: Tensor, valid: Tensor) -> Tensor:
    """Which cells of a batch of blocks hold ink or lie beside one that does (B, cells of all rows): few hold any."""
    inked = F.max_pool2d(ink, (HEIGHT, ink.shape[-1] // valid.shape[-1])) > SEEN
    near = (F.max_pool2d(inked.float(), (1, 3), 1, (0, 1)) > 0) & valid.bool()[:, None, None]
    near[..., 0, 0] = True  # of an empty picture one is shown
    return near.flatten(1)
