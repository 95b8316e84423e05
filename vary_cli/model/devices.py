"""Where a model runs, and in which number format."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from vary_cli.errors import DeviceError, UsageError

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def chosen(name: str) -> torch.device:
    """A device by name; 'auto' is the first GPU, else Apple's, else the CPU. Raises DeviceError if it is not here."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise UsageError(f"{name!r} is no device", "choose auto, cpu, cuda, cuda:1 or mps") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(f"{name} is not here: torch sees {torch.cuda.device_count()} of its kind", "try --device cpu")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("mps is not here", "try --device cpu")
    return device


def dtype(name: str, device: torch.device) -> torch.dtype:
    """A number format by name; 'auto' is bf16 where the GPU computes in it, fp16 on older ones, else fp32."""
    if name == "auto":
        if device.type != "cuda":
            return torch.float32
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if name not in DTYPES:
        raise UsageError(f"{name!r} is no number format", f"choose auto, {', '.join(DTYPES)}")
    return DTYPES[name]


def present() -> Iterator[tuple[str, str]]:
    """Every device that torch sees: its name, and what it is."""
    yield "cpu", f"{torch.get_num_threads()} threads"
    for index in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(index)
        yield f"cuda:{index}", f"{card.name}, {card.total_memory / 2**30:.0f} GiB"
    if torch.backends.mps.is_available():
        yield "mps", "Apple's GPU"
