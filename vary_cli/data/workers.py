"""Work shared out among child processes, each of which may hang, crash or eat memory without harm to the others.

A task is any picklable thing; the work yields results of it, one by one. Knows neither examples nor files.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, NamedTuple, TypeVar

from vary_cli.errors import VaryError, raised_at

Task = TypeVar("Task")
Result = TypeVar("Result")
Work = Callable[[Task], Iterable[Result]]
STARTING = 60.0
"""Seconds that a child may take to come up, on a busy machine."""


class Done(NamedTuple, Generic[Task, Result]):
    """What became of a task."""

    task: Task
    results: list[Result]
    """What it yielded before it ended, however it ended."""
    trouble: str = ""
    """Why it did not end well: 'crashed (SIGSEGV)', 'took longer than 60 s', 'failed (KeyError: 3, at fonts.py:12)'."""


@dataclass(frozen=True)
class Limits:
    """What a child may take."""

    seconds: float = 120.0
    """Between two results; a child that is silent for longer is killed."""
    memory: int = 8 << 30
    """Bytes of address space (Linux)."""


@dataclass
class Child(Generic[Task, Result]):
    """A process at work, and what it has said so far."""

    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    heard: float = 0.0
    """When it last said something; of one that only starts, as long after now as that may take."""
    results: list[Result] = field(default_factory=list)

    def give(self, task: Task) -> None:
        """Set it to work."""
        self.task, self.heard, self.results = task, max(self.heard, time.monotonic()), []
        self.pipe.send(task)

    def end(self) -> None:
        """Kill it, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(
    work: Work[Task, Result],
    tasks: Sequence[Task],
    count: int,
    limits: Limits = Limits(),  # noqa: B008: it is frozen
) -> Iterator[Done[Task, Result]]:
    """Every task's results, in the order in which tasks end. A VaryError that the work raises is raised here."""
    waiting = deque(tasks)
    children: list[Child[Task, Result]] = []
    try:
        while waiting or children:
            while waiting and len(children) < max(1, count):
                children.append(start(work, limits))
                children[-1].give(waiting.popleft())
            for child in ready(children, limits.seconds):
                done = listen(child, limits.seconds)
                if done is None:
                    continue
                yield done
                if done.trouble or not waiting:
                    child.end()
                    children.remove(child)
                else:
                    child.give(waiting.popleft())
    finally:
        for child in children:
            child.end()


def ready(children: Sequence[Child[Task, Result]], seconds: float) -> list[Child[Task, Result]]:
    """Children that have something to say, or have said nothing for too long."""
    now = time.monotonic()
    patience = min(child.heard + seconds for child in children) - now
    speaking = set(wait([child.pipe for child in children], max(0.0, patience)))
    late = time.monotonic() - seconds
    return [child for child in children if child.pipe in speaking or child.heard <= late]


def listen(child: Child[Task, Result], seconds: float) -> Done[Task, Result] | None:
    """The end of a child's task, if it has come. Raises the VaryError that the child met."""
    assert child.task is not None
    if not child.pipe.poll():
        return Done(child.task, child.results, f"took longer than {seconds:g} s")
    try:
        kind, word = child.pipe.recv()
    except (EOFError, OSError):
        child.process.join()
        code = child.process.exitcode or 0
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Done(child.task, child.results, f"crashed ({name})")
    if kind == "error":
        raise word
    if kind == "end":
        return Done(child.task, child.results, word)
    child.heard = time.monotonic()
    if kind == "result":
        child.results.append(word)
    return None


def start(work: Work[Task, Result], limits: Limits) -> Child[Task, Result]:
    """A child that waits for a task."""
    context = multiprocessing.get_context("spawn")  # a forked child would inherit locks that nobody opens again
    ours, theirs = context.Pipe()
    process = context.Process(target=labour, args=(work, theirs, limits), daemon=True)
    process.start()
    theirs.close()
    return Child(process, ours, heard=time.monotonic() + STARTING)


def labour(work: Work[Task, Result], pipe: Connection, limits: Limits) -> None:
    """A child's life: take a task, say its results, until the parent hangs up."""
    confine(limits.memory)
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        for word in words(work, task):
            try:
                pipe.send(word)
            except OSError:  # the parent is gone
                return


def words(work: Work[Task, Result], task: Task) -> Iterator[tuple[str, object]]:
    """What a child says of a task: that it begins, its results, and how it ended."""
    yield "begun", None
    try:
        for result in work(task):
            yield "result", result
    except VaryError as error:
        yield "error", error
    except MemoryError:
        yield "end", "needs too much memory"
    except Exception as error:  # one hostile file must not end the others' work; whoever asked is told
        file, line = raised_at(error)
        yield "end", f"failed ({type(error).__name__}: {error}, at {file}:{line})"
    else:
        yield "end", ""


def confine(memory: int) -> None:
    """Limit what a hostile file can take, where the system can; leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
