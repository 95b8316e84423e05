"""The model room: the one network, its families as data, checkpoints, batches and the engine. It owns torch.

`load` is its door; importing the room does not import torch yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vary_cli.example import Transcriber
from vary_cli.model.spec import ModelSpec

CELLS = 2048  # vision tokens that a region-reading model takes at once on a CPU
REGIONS = 16  # regions that it writes at once
PAGES = {"cpu": 2, "mps": 2, "cuda": 8}  # pages that a page-reading model takes at once


@dataclass(frozen=True)
class Model:
    """A model that is ready to read."""

    name: str
    revision: str
    """Hash of its files' manifest; empty for a checkpoint that has none."""
    spec: ModelSpec
    transcribe: Transcriber
    device: str
    dtype: str


def load(
    name: str = "vary-nano",
    *,
    device: str = "auto",
    dtype: str = "auto",
    batch_size: int | None = None,
    offline: bool = False,
    bands: int = 1,
) -> Model:
    """A model by name or folder, on a device ('auto', 'cpu', 'cuda', 'cuda:1', 'mps').

    dtype 'auto' is bf16 where the GPU has it, fp16 on older ones, fp32 on a CPU. `batch_size`: regions or pages read at
    once; None goes by the device. `bands`: into how many overlapping bands a page-reading model's pages are cut. Raises
    WeightsError where the model cannot be found or is broken, DeviceError where the device is not there.
    """
    from vary_cli.model import checkpoint, devices, find

    place = devices.chosen(device)
    kind = devices.dtype(dtype, place)
    path = find.resolve(name, offline=offline)
    loaded = checkpoint.load(path, place, kind, find.named(name))
    transcribe = transcriber(loaded, batch_size, place.type, bands)
    return Model(name, find.revision(path), loaded.spec, transcribe, str(place), str(kind).removeprefix("torch."))


def transcriber(loaded: Any, batch_size: int | None, device: str, bands: int) -> Transcriber:  # noqa: ANN401  # needs torch
    """How a loaded model reads: lines by its glyph head and regions by its decoder, or pages by its decoder."""
    from vary_cli.model import blocks, pages, reading, writing

    if loaded.spec.reads == "region":
        cells = CELLS if batch_size is None else 128 * batch_size
        reader = reading.LineReader(loaded.model.vocabulary, loaded.model.glyphs, cells=cells)
        namer = blocks.BlockReader(loaded.model.vocabulary, loaded.model.glyphs, cells)
        if loaded.model.decoder is None or loaded.tokenizer is None:
            return writing.either(reader, namer)
        return writing.either(
            reader, writing.RegionWriter(loaded.model, loaded.tokenizer, namer, batch_size or REGIONS)
        )
    return pages.transcriber(loaded, pages.Reading(bands=bands), batch_size=batch_size or PAGES.get(device, 2))
