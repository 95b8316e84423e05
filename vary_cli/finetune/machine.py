"""The machine by accelerate: one CPU, one GPU, several by DDP or FSDP, several machines; started as the user likes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import torch

from vary_cli.errors import DependencyError, DeviceError, UsageError
from vary_cli.finetune.order import Machine

if TYPE_CHECKING:
    from accelerate import Accelerator

LAYERS = ("OPTDecoderLayer", "Qwen2DecoderLayer", "LlamaDecoderLayer", "CLIPEncoderLayer", "Block")
"""What FSDP spreads and gathers at a time."""


class Curves(Protocol):
    """What is asked of TensorBoard's writer."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """Put down a point of a curve."""

    def flush(self) -> None:
        """Put it on the disk."""


def accelerator(machine: Machine, idle: bool = False) -> Accelerator:
    """What accelerate makes of this process's surroundings. `idle`: some parameters may have no part in a step.

    Raises DependencyError, DeviceError or UsageError.
    """
    try:
        import matplotlib  # noqa: F401  # these are needed later on: better to hear of it now
        import rapidfuzz  # noqa: F401
        from accelerate import Accelerator
        from accelerate.state import AcceleratorState
        from accelerate.utils import DistributedDataParallelKwargs
    except ImportError as error:
        raise DependencyError(f"training needs the package {error.name}", "pip install 'vary-cli[train]'") from error
    if machine.device not in ("auto", "cpu", "cuda"):
        hint = "choose auto, cpu or cuda; which of several GPUs says CUDA_VISIBLE_DEVICES"
        raise UsageError(f"training knows no device {machine.device!r}", hint)
    if machine.device == "cuda" and not torch.cuda.is_available():
        raise DeviceError("cuda is not here", "try --device cpu")
    AcceleratorState._reset_state()  # one process may train twice, each time with another arithmetic
    return Accelerator(
        cpu=machine.device == "cpu" or not torch.cuda.is_available(),
        mixed_precision=precision(machine),
        fsdp_plugin=sharding() if machine.shard else None,
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=idle)],
    )


def curves(folder: Path) -> Curves:
    """A writer for TensorBoard. Raises DependencyError."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise DependencyError("--tensorboard needs the package tensorboard", "pip install tensorboard") from error
    writer: Curves = SummaryWriter(str(folder))
    return writer


def precision(machine: Machine) -> str:
    """accelerate's word for the arithmetic."""
    if machine.precision != "auto":
        return "no" if machine.precision == "fp32" else "bf16"
    on_gpu = machine.device != "cpu" and torch.cuda.is_available()
    return "bf16" if on_gpu and torch.cuda.is_bf16_supported(including_emulation=False) else "no"


def sharding() -> object:
    """FSDP, layer by layer."""
    from accelerate.utils import FullyShardedDataParallelPlugin

    return FullyShardedDataParallelPlugin(
        fsdp_version=2, auto_wrap_policy="transformer_based_wrap", transformer_cls_names_to_wrap=list(LAYERS)
    )
