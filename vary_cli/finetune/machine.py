"""The machine by accelerate: one CPU, one GPU, several by DDP or FSDP, several machines; started as the user likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from vary_cli.errors import DependencyError, DeviceError, UsageError
from vary_cli.finetune.order import Machine

if TYPE_CHECKING:
    from accelerate import Accelerator

LAYERS = ("OPTDecoderLayer", "Qwen2DecoderLayer", "LlamaDecoderLayer", "CLIPEncoderLayer", "Block")
"""What FSDP spreads and gathers at a time."""


def accelerator(machine: Machine) -> Accelerator:
    """What accelerate makes of this process's surroundings. Raises DependencyError, DeviceError or UsageError."""
    try:
        import matplotlib  # noqa: F401  # it is needed at the end: better to hear of it now
        from accelerate import Accelerator
        from accelerate.utils import DistributedDataParallelKwargs
    except ImportError as error:
        raise DependencyError(f"training needs the package {error.name}", "pip install 'vary-cli[train]'") from error
    kind = machine.device.partition(":")[0]
    if kind not in ("auto", "cpu", "cuda"):
        raise UsageError(f"training knows no device {machine.device!r}", "choose auto, cpu or cuda")
    if kind == "cuda" and not torch.cuda.is_available():
        raise DeviceError("cuda is not here", "try --device cpu")
    return Accelerator(
        cpu=kind == "cpu" or not torch.cuda.is_available(),
        mixed_precision=precision(machine),
        fsdp_plugin=sharding() if machine.shard else None,
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
    )


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
