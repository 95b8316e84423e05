"""What is ordered: which model learns which stage, and on what machine. Only the first decides what is learned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from vary_cli.errors import UsageError
from vary_cli.finetune.stages import Stage, usual
from vary_cli.model.spec import ModelSpec

if TYPE_CHECKING:
    from vary_cli.finetune.mixture import Weight


@dataclass(frozen=True)
class Order:
    """What is to be learned."""

    stage: Literal["tiny", "base"] = "tiny"
    """tiny: the vocabulary learns, and all that stands on it; base: vocabulary and CLIP are frozen, the rest learns."""
    model: str = field(default="vary-nano", metadata={"short": "-m"})
    """Name of a model, or a checkpoint's folder, to start from."""
    scratch: bool = False
    """Start from random weights of that model's shape."""
    start: Mapping[str, str] = field(default_factory=dict, metadata={"flag": False})
    """Part of the model -> checkpoint to take it from: vocabulary = "sam_vit_b_01ec64.pth", say."""
    vocabulary: str | None = field(default=None, metadata={"metavar": "RUN"})
    """Take the vocabulary network from this run or checkpoint."""
    tokenizer: str | None = field(default=None, metadata={"metavar": "FOLDER"})
    """Take the tokenizer from this checkpoint; by default the model's own."""
    adapter: int = field(default=0, metadata={"metavar": "RANK"})
    """Let the decoder learn by a low-rank adapter of this rank alone (LoRA); 0: as a whole."""
    steps: int | None = None
    """Optimizer steps; by default the stage's own."""
    epochs: float | None = None
    """How often each example is seen, in place of steps; for models that read pages."""
    rate: float | None = None
    """Peak learning rate of all parts that learn; by default the stage's own."""
    rates: Mapping[str, float] | None = field(default=None, metadata={"flag": False})
    """Part of the model -> its peak learning rate; parts that are not named are frozen."""
    optimizer: Literal["adamw", "muon"] | None = None
    """muon: matrices of transformer layers learn by orthogonal steps, the rest by AdamW; by default the stage's own."""
    schedule: Literal["hold", "cosine"] | None = None
    """After the warm-up: hold the peak for a while, or let it fall at once."""
    warmup: float | None = None
    """Share of the steps during which the rate rises."""
    hold: float | None = field(default=None, metadata={"flag": False})
    """Share of the steps after which the rate falls."""
    floor: float | None = field(default=None, metadata={"flag": False})
    """The last rate, as a share of the peak."""
    batch: int | None = None
    """Pages of a batch."""
    cells: int | None = None
    """Vision tokens of a batch, for models that read lines."""
    micros: int | None = None
    """Batches of a step, shared out among the processes; those of one process follow each other."""
    length: int | None = None
    """Longest sequence, tokens; longer answers lose their ends and are counted."""
    weight_decay: float | None = field(default=None, metadata={"flag": False})
    """AdamW's weight decay."""
    betas: tuple[float, float] | None = field(default=None, metadata={"flag": False})
    """AdamW's decays."""
    clip: float | None = field(default=None, metadata={"flag": False})
    """Largest norm of the gradient."""
    average: float | None = None
    """Decay of a running average of the weights, which is what is saved; 0: none."""
    glyph_weights: Mapping[str, float] | None = field(default=None, metadata={"flag": False})
    """Weights of the glyph head's losses: cells, sequence, han, traits."""
    write_weight: float | None = field(default=None, metadata={"flag": False})
    """Weight of the decoder's loss."""
    smoothing: float | None = field(default=None, metadata={"flag": False})
    """Label smoothing of the decoder's loss."""
    keep: float | None = field(default=None, metadata={"flag": False})
    """Weight of staying what one was in all that the data do not tell; by default 0 where rates are said."""
    looks: int | None = None
    """Formulas that the eyes read first, so that a decoder learns from the errors which they make; by default none."""
    held_out: float = 0.05
    """Share of the examples that are kept out, to judge by: at least one of ten, 64 of each set at most."""
    seed: int = 0
    """Decides the draw of the examples and how they are worn."""

    def __post_init__(self) -> None:
        if self.adapter < 0 or not 0 <= self.held_out < 1:
            raise UsageError("--adapter is a rank, --held-out a share below 1", "leave them out for what is usual")
        if self.looks is not None and self.looks < 0:
            raise UsageError(f"--looks is {self.looks}", "it counts formulas: some thousands, or 0 for none")
        if self.steps is not None and self.epochs is not None:
            raise UsageError("steps and epochs say the same twice", "leave one of them out")
        if self.rate is not None and self.rates is not None:
            raise UsageError("rate and rates say the same twice", "leave one of them out")

    def settled(self, spec: ModelSpec, examples: int) -> Stage:
        """The stage for a model and so many examples. Raises UsageError."""
        stage = usual(self.stage, spec, self.scratch)
        own = {item.name for item in fields(Stage)} - {"name"}
        said = {name: getattr(self, name) for name in own if getattr(self, name) is not None}
        if self.adapter:
            stage = replace(stage, keep=0.0, rates={"decoder": max(stage.rates.values()), **stage.rates})
        stage = replace(stage, **{"keep": stage.keep if self.rates is None else 0.0, **said})
        if stage.keep and spec.glyphs is None:
            raise UsageError(f"{spec.name} has no glyph head to keep anything by", "leave keep out")
        if self.rate is not None:
            stage = replace(stage, rates=dict.fromkeys(stage.rates, self.rate))
        if spec.reads == "region" and "decoder" in stage.rates and {"vocabulary", "glyphs"} & set(stage.rates):
            hint = "teach the eyes by --stage tiny, then the decoder by --stage base"
            raise UsageError(f"the decoder of {spec.name} learns from what ready eyes name", hint)
        if stage.looks and not (spec.reads == "region" and stage.writes):
            hint = "say --stage base of a model that reads regions, or leave it out"
            raise UsageError("--looks is for a decoder that learns formulas", hint)
        if self.epochs is None:
            return stage
        if spec.reads != "page":
            raise UsageError("epochs are counted in pages, this model learns lines", "say --steps")
        return replace(stage, steps=max(1, round(self.epochs * examples / (stage.batch * stage.micros))))


def settings(order: Order, weights: Mapping[str, Weight]) -> dict[str, Any]:
    """What was ordered that the stage does not hold."""
    names = ("scratch", "start", "vocabulary", "tokenizer", "adapter", "held_out")
    said = {name: value for name, value in asdict(order).items() if name in names}
    known: dict[str, Any] = json.loads(json.dumps({"order": said, "weights": weights}))
    return known


@dataclass(frozen=True)
class Machine:
    """Where it is learned; none of this changes what is learned."""

    device: str = "auto"
    """auto, cpu or cuda; under accelerate launch and torchrun each process has its own."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Arithmetic; auto is bf16 on a GPU that has it, fp32 on a CPU."""
    workers: int | None = None
    """Processes that make batches ahead of time; by default one for each core but one."""
    recompute: bool = False
    """Compute the blocks' insides again on the way back: less memory, a third more time."""
    compile: bool = False
    """Compile the network first: minutes at the start, faster steps."""
    shard: bool = False
    """Spread parameters, gradients and moments over the processes (FSDP)."""
    judge_every: int | None = None
    """Steps between two looks at the examples that are kept out; by default ten looks in all."""
    save_every: int | None = None
    """Steps between two saved states; by default as often as the looks."""
    tensorboard: bool = False
    """Write the curves for TensorBoard as well, beside the run."""
