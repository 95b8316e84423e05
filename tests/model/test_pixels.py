"""Resizers, to the last bit: what OpenCV 5.0 gives was written down, Pillow before 13 is the order of its passes."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from PIL import Image

from vary_cli.model.pixels import bicubic, bilinear


@pytest.mark.parametrize(
    ("width", "height", "crc32"),
    [(40, 30, 1239813050), (30, 90, 1389727926), (7, 1, 4290514622), (128, 128, 4184661354)],
)
def test_bilinear_is_opencv_s_larger_and_smaller(width: int, height: int, crc32: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    assert zlib.crc32(bilinear(picture, (64, 64)).tobytes()) == crc32


def test_bicubic_goes_across_before_it_goes_down() -> None:
    picture = Image.effect_noise((90, 200), 90).convert("RGB")
    across = picture.resize((64, 200), Image.Resampling.BICUBIC)
    assert bicubic(picture, (64, 64)).tobytes() == across.resize((64, 64), Image.Resampling.BICUBIC).tobytes()
    down = picture.resize((90, 64), Image.Resampling.BICUBIC)
    assert bicubic(picture, (64, 64)).tobytes() != down.resize((64, 64), Image.Resampling.BICUBIC).tobytes()
