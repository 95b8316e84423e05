"""A run from its order to its end: prepared, taught step by step, judged and saved on the way."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from vary_cli.errors import UsageError
from vary_cli.finetune import adapters, memory, picture
from vary_cli.finetune.beginning import Beginning, begin, shape
from vary_cli.finetune.course import course
from vary_cli.finetune.curriculum import Curriculum
from vary_cli.finetune.judge import Judged, Panel, formula_panel, held_lessons, judged, line_panel, page_panel
from vary_cli.finetune.keeping import Keeper
from vary_cli.finetune.lesson import Learner
from vary_cli.finetune.lines import Known
from vary_cli.finetune.loop import Loop
from vary_cli.finetune.machine import accelerator, curves
from vary_cli.finetune.mixture import Entry, Mixture, Place, Weight, mixture
from vary_cli.finetune.notebook import Notebook
from vary_cli.finetune.order import Machine, Order, settings
from vary_cli.finetune.papers import Papers
from vary_cli.finetune.parts import freeze, halve, recompute
from vary_cli.finetune.progress import Progress, plot, row
from vary_cli.finetune.rounds import Rounds
from vary_cli.finetune.run import Run, facts, weights, writing
from vary_cli.finetune.sightings import Sightings
from vary_cli.finetune.stages import Stage
from vary_cli.finetune.translations import Formula, Translations
from vary_cli.model import adapter, checkpoint, find, folder

if TYPE_CHECKING:
    from accelerate import Accelerator

LOOKS = 10  # at the examples that are kept out, in a run
PICTURE = "loss.png"
Say = Callable[[str], None]


class Training:
    """One run. `say` is told in words what is found on the way."""

    def __init__(
        self,
        order: Order,
        machine: Machine,
        sets: Mapping[str, Sequence[Entry]],
        weights: Mapping[str, Weight],
        out: Path,
        say: Say,
        resume: bool = False,
        overwrite: bool = False,
    ) -> None:
        self.order, self.machine, self.run = order, machine, Run(out)
        idle = shape(order.model).reads == "region" or "clip" in (order.rates or {})
        self.accelerator: Accelerator = accelerator(machine, idle)
        self.say: Say = say if self.accelerator.is_main_process else silent
        self.curves = curves(out / "tensorboard") if machine.tensorboard and self.accelerator.is_main_process else None
        drawn = mixture(sets, weights, order.held_out, order.seed)
        self.start: Beginning = begin(order)
        self.spec = self.start.model.spec
        self.stage = self.fitted(order.settled(self.spec, len(drawn)))
        self.mixture: Mixture = replace(drawn, length=self.draws())
        sizes = {name: len(entries) for name, entries in sets.items()}
        self.facts = facts(self.stage, order.model, sizes, settings(order, weights))
        if self.accelerator.is_main_process:
            self.run.claim(self.facts, resume, overwrite)
        self.accelerator.wait_for_everyone()
        self.resumed = resume and self.run.begun
        self.rounded: Mapping[str, torch.Tensor] = {}  # what is frozen and was rounded, as it was
        self.known = self.lines() if self.spec.reads == "region" and not self.stage.writes else {}
        self.seen = self.sightings() if self.stage.looks else []
        self.loop = self.ready()

    def fitted(self, stage: Stage) -> Stage:
        """The stage with at least one batch for each process. Raises UsageError where that cannot be."""
        world = self.accelerator.num_processes
        if self.sharded and stage.average:
            raise UsageError("a model that is spread over processes has no running average", "say --average 0")
        if stage.micros % world == 0:
            return stage
        if self.order.micros is not None:
            raise UsageError(
                f"{stage.micros} batches a step do not share out among {world} processes", "change --micros"
            )
        return replace(stage, micros=world)

    def draws(self) -> int:
        """How many draws the run makes: of pages, or of rounds of lines."""
        batches = self.stage.steps * self.stage.micros
        if self.spec.reads == "page":
            return batches * self.stage.batch
        return -(-batches // (Translations.batches if self.stage.writes else Rounds.batches))

    @property
    def sharded(self) -> bool:
        """Whether the model is spread over the processes."""
        return bool(self.accelerator.distributed_type.value == "FSDP")

    def lines(self) -> dict[Place, Known]:
        """Which text stands on which line, of the pictures whose characters have no places."""
        notebook = Notebook(self.run.path, self.mixture)
        if self.accelerator.is_main_process:
            model = self.start.model.eval().to(self.accelerator.device)
            notebook.fill(model, self.say)
        self.accelerator.wait_for_everyone()
        return notebook.read()

    def sightings(self) -> list[Formula]:
        """What the eyes see on some of the formulas."""
        sightings = Sightings(self.run.path, self.mixture, self.stage.looks)
        if self.accelerator.is_main_process:
            sightings.fill(self.start.model.eval().to(self.accelerator.device), self.say)
        self.accelerator.wait_for_everyone()
        return sightings.read()

    def ready(self) -> Loop:
        """The model with its optimizer, on its device, if it fits."""
        model = self.start.model
        if self.order.adapter:
            self.base()
            adapters.add(model, self.order.adapter)
        freeze(model, self.stage)
        if self.machine.recompute:
            recompute(model)
        device, half = self.accelerator.device, self.accelerator.mixed_precision == "bf16"
        if half and not self.sharded:
            lost = halve(model, self.start.dtype)
            self.rounded = lost if self.accelerator.is_main_process else {}
        spread = self.accelerator.num_processes if self.sharded else 1
        wanted = memory.need(model, self.stage, half=half, recompute=self.machine.recompute, spread=spread)
        self.say(f"memory: {wanted}")
        held = wanted.parameters if device.type == "cpu" else 0
        memory.check(wanted, memory.free(device), held)
        learner = Keeper(model, device) if self.stage.keep else Learner(model, self.stage.smoothing)
        return Loop(learner, self.stage, self.accelerator, self.machine.compile)

    def steps(self) -> Iterator[Progress]:
        """Train to the end; a resumed run goes on where its state was saved. What is yielded is on the disk."""
        first = self.run.load_state(self.loop) if self.resumed else 0
        sheaves = self.sheaves()
        drawn = sheaves if isinstance(sheaves, Papers) else Curriculum(sheaves)
        lessons = course(drawn, self.stage.micros, first, self.loop.share, self.workers())
        held, panels = held_lessons(sheaves), self.panels()
        begun, tokens, shortened = time.monotonic(), 0, 0
        if not first:
            yield self.progress(0, {}, 0.0, 0, 0.0, *self.look(held, panels))
        for step, learnt in self.loop.steps(lessons, first):
            tokens, shortened = tokens + learnt.tokens, shortened + learnt.shortened
            looks = self.due(step, self.machine.judge_every)
            found = self.look(held, panels) if looks else (None, None)
            progress = self.progress(step, learnt.losses, learnt.loss, tokens, time.monotonic() - begun, *found)
            if self.due(step, self.machine.save_every):
                self.save(step, shortened)
            yield progress
        self.finish(shortened)

    def due(self, step: int, every: int | None) -> bool:
        """Whether something that is done every so often is to be done after a step; it always is after the last."""
        return step == self.stage.steps or step % (every or max(1, self.stage.steps // LOOKS)) == 0

    def sheaves(self) -> Rounds | Papers | Translations:
        """The lessons of the course."""
        if self.spec.reads == "region" and not self.stage.writes:
            return Rounds(self.mixture, self.known, self.spec, self.stage.cells)
        assert self.start.words is not None
        if self.spec.reads == "region":
            return Translations(self.mixture, self.spec, self.start.words, self.stage.cells, seen=self.seen)
        return Papers(self.mixture, self.spec, self.start.words, self.stage.batch, self.stage.length)

    def workers(self) -> int:
        """How many processes make batches."""
        if self.machine.workers is not None:
            return self.machine.workers
        here = max(1, (os.cpu_count() or 1) // int(self.accelerator.num_processes))
        return min(16, here - 1)

    def panels(self) -> tuple[Panel, Panel]:
        """What is read now and then: examples that are kept out, and some that are learned."""
        learned = self.mixture.draws(0, min(4, len(self.mixture)) + len(self.mixture.shares))
        if self.spec.reads == "page":
            return page_panel(self.mixture, self.mixture.kept_out()), Panel((), ())
        if self.stage.writes:
            return formula_panel(self.mixture, self.mixture.kept_out()), formula_panel(self.mixture, learned)
        return tuple(line_panel(self.mixture, places, self.known) for places in (self.mixture.kept_out(), learned))  # type: ignore[return-value]

    def look(self, held: Sequence[Any], panels: tuple[Panel, Panel]) -> tuple[Judged, Judged | None]:
        """What the model makes of the examples that are kept out, and of some that it learns."""
        sharded = self.loop.sharded
        if not sharded and not self.accelerator.is_main_process:
            self.accelerator.wait_for_everyone()
            return Judged(None, None), None
        kept = judged(self.loop, panels[0], held, self.start.words, sharded)
        learned = judged(self.loop, panels[1], [], self.start.words, sharded) if len(panels[1]) else None
        if not sharded:
            self.accelerator.wait_for_everyone()
        return kept, learned

    def progress(
        self,
        step: int,
        losses: Mapping[str, float],
        loss: float,
        tokens: int,
        seconds: float,
        held_out: Judged | None,
        learned: Judged | None,
    ) -> Progress:
        """A step, put down."""
        rate = max(group["lr"] for group in self.loop.optimizer.param_groups) if step else 0.0
        found = Progress(step, self.stage.steps, losses, loss, rate, tokens, seconds, held_out, learned)
        if self.accelerator.is_main_process:
            self.run.record(row(found))
            if self.curves is not None and step:
                plot(found, self.curves)
        return found

    def save(self, step: int, shortened: int) -> None:
        """Save the model for use, and the state for resuming."""
        state = weights(self.loop)
        if self.accelerator.is_main_process:
            self.write(state, step, shortened)
        self.run.save_state(self.loop, step)

    def write(self, state: Mapping[str, torch.Tensor], step: int, shortened: int) -> None:
        """The run's folder as a checkpoint."""
        told: dict[str, Any] = {"trained": {**self.facts, "step": step, "shortened": shortened}}
        same = checkpoint.copies(self.spec)
        if self.order.adapter:
            taken = {*self.order.start, *(["vocabulary"] if self.order.vocabulary else [])}
            state = adapter.learned(state, {*self.stage.rates, *taken} - {"decoder"})
            told |= adapters.facts(self.base(), "" if self.start.path is None else find.revision(self.start.path))
        dtype = self.start.dtype
        whole = {name: self.rounded.get(name, tensor) for name, tensor in state.items()}
        kept = {n: t.to(dtype) if t.is_floating_point() else t for n, t in whole.items() if n not in same}
        with writing(self.run.path):
            for _ in folder.writing(self.run.path, self.spec, kept.items(), self.start.words, told):
                pass

    def base(self) -> str:
        """What an adapter of this run stands on. Raises UsageError."""
        if self.start.path is None or "decoder" in self.order.start:
            raise UsageError("an adapter stands on a checkpoint's decoder", "name one by --model")
        return str(self.start.path.resolve()) if Path(self.order.model).exists() else self.order.model

    def finish(self, shortened: int) -> None:
        """The picture of the losses, and a last word."""
        if not self.accelerator.is_main_process:
            return
        picture.draw(self.run.metrics(), self.run.path / PICTURE)
        if shortened:
            self.say(f"{shortened} answers were longer than {self.stage.length} tokens and lost their ends")


def silent(text: str) -> None:
    """What processes other than the first one say."""
