"""How much memory a training step takes, estimated before it is tried: parameters, gradients, moments, activations.

Activations after Korthikanti et al. 2022 (arXiv 2205.05198, section 4): 34 bytes a token, channel and layer in 16 bit,
without the attention matrix, which is never stored. Convolutions leave three tensors each: input, output, what a GELU
or a norm makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from vary_cli.errors import DeviceError
from vary_cli.finetune.parts import parts
from vary_cli.finetune.stages import Stage
from vary_cli.model.glyphs import SLOTS
from vary_cli.model.spec import VocabularySpec
from vary_cli.model.vary import VaryModel

GIB = 1 << 30
ACTIVATION = 34  # bytes for each token, channel and layer, in 16 bit
CONVOLUTION = 6  # bytes for each of its outputs, in 16 bit
LOGIT = 12  # bytes, of the glyph head: as it is, its logarithm and its gradient, in 32 bit


@dataclass(frozen=True)
class Need:
    """Bytes on each device."""

    parameters: int
    gradients: int
    moments: int
    """Of the optimizer, and the running average."""
    activations: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.parameters + self.gradients + self.moments + self.activations

    def __str__(self) -> str:
        shares = {name: getattr(self, name) for name in ("parameters", "gradients", "moments", "activations")}
        said = ", ".join(f"{size(bytes_)} {name}" for name, bytes_ in shares.items())
        return f"about {size(self.total)} a device: {said}"


def size(bytes_: int) -> str:
    """Bytes in words."""
    return f"{bytes_ / GIB:.1f} GiB" if bytes_ >= GIB // 10 else f"{bytes_ / (1 << 20):.0f} MiB"


def need(model: VaryModel, stage: Stage, *, half: bool, recompute: bool, spread: int = 1) -> Need:
    """What a step takes. `half`: 16 bit arithmetic; `spread`: devices that parameters and moments are shared over."""
    every = [tensor for part in parts(model).values() for tensor in part.parameters()]
    learned = sum(tensor.numel() for tensor in every if tensor.requires_grad)
    return Need(
        sum(tensor.nbytes for tensor in every) // spread,
        4 * learned // spread,
        (8 + 4 * bool(stage.average)) * learned // spread,
        activations(model, stage, half=half, recompute=recompute),
    )


def activations(model: VaryModel, stage: Stage, *, half: bool, recompute: bool) -> int:
    """What a batch leaves behind for the way back."""
    spec = model.spec
    rows, columns = spec.vocabulary.merge_stride
    side = spec.vocabulary.image_size
    grid = stage.batch * (side // spec.vocabulary.patch) ** 2 if side else stage.cells * (rows * columns) ** 2
    seen = eyes(grid, spec.vocabulary, recompute) if learns(model.vocabulary) else 0
    named = 0 if model.glyphs is None else stage.cells * SLOTS * model.glyphs.repertoire.classes * LOGIT
    written = 0
    if spec.decoder is not None and (side or "decoder" in stage.rates):
        tokens = stage.batch * min(stage.length, spec.decoder.positions) if side else 2 * stage.cells
        written = layers(tokens, spec.decoder.width, spec.decoder.depth, recompute)
        written += 4 * tokens * spec.decoder.vocabulary  # logits, and their gradients, in 32 bit
    return (seen + written) * (1 if half else 2) + named


def eyes(grid: int, spec: VocabularySpec, recompute: bool) -> int:
    """Bytes of the vocabulary network in 16 bit: its stem, on finer grids, its blocks, its last convolutions."""
    stem = sum(channels << 2 * (len(spec.stem) - k) for k, channels in enumerate(spec.stem, 1))
    stride = spec.merge_stride[0] * spec.merge_stride[1]
    end = 2 * spec.neck + spec.merge[0] // stride + spec.merge[1] // stride**2
    return layers(grid, spec.width, spec.depth, recompute) + CONVOLUTION * grid * (stem + end)


def layers(tokens: int, width: int, depth: int, recompute: bool) -> int:
    """Bytes of some layers in 16 bit: all of their insides, or their inputs and the inside of one."""
    whole = ACTIVATION * tokens * width
    return 2 * tokens * width * depth + whole if recompute else whole * depth


def learns(part: torch.nn.Module) -> bool:
    """Whether some of a part's parameters learn."""
    return any(tensor.requires_grad for tensor in part.parameters())


def free(device: torch.device) -> int:
    """Bytes that a device has to give."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    import psutil

    return int(psutil.virtual_memory().available)


def check(wanted: Need, here: int, held: int) -> None:
    """Raise DeviceError where a step cannot fit: `here` bytes are free, `held` of what is wanted are taken already."""
    if wanted.total - held > here:
        hint = "make batches smaller, add --recompute, learn an --adapter, or spread the model with --shard"
        raise DeviceError(f"training takes {wanted}; {size(here + held)} are there", hint, "memory")
