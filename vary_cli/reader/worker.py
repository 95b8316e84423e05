"""A child process that answers questions about one PDF, and can be killed. Knows processes and pipes, not PDFs."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import vary_cli
from vary_cli.reader import wire

OVERTIME = None if sys.platform == "win32" else -signal.SIGPROF
"""Exit code of a child whose processor time is up."""
PROGRAM = "vary_cli.reader.child"
"""The module that the child runs."""


class Lost(Exception):
    """The child answers no more: it takes too long, or it is gone."""

    def __init__(self, reason: str, hung: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hung = hung


class Arrival(NamedTuple):
    """An answer of the child and when it came."""

    message: object
    payload: bytes
    time: float


class Worker:
    """One child process. Questions may be asked ahead of answers, which come in the same order."""

    def __init__(self, order: wire.Order, data: bytes = b"") -> None:
        self.answered = 0
        self._asked = 0
        self._busy_since = time.monotonic()
        self._arrivals: queue.SimpleQueue[Arrival | None] = queue.SimpleQueue()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (end() closes it)
        self._process = start(self._complaints)
        assert self._process.stdin
        assert self._process.stdout
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._say(order, data)

    def ask(self, question: int) -> None:
        """Put a question. Does not wait."""
        self._say(question)

    def answer(self, seconds: float) -> tuple[object, bytes]:
        """The answer to the oldest open question.

        The child is given up when it takes wire.PATIENCE times `seconds`, from when it turned to the question; after
        `seconds` of processor time it dies by itself. Raises Lost; then only end() is left to call.
        """
        patience = seconds * wire.PATIENCE
        deadline = self._busy_since + patience
        try:
            arrival = self._arrivals.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty as error:
            raise Lost(f"took longer than {patience:g} s", hung=True) from error
        if arrival is None:
            raise self._loss(seconds)
        self.answered += 1
        self._busy_since = arrival.time
        return arrival.message, arrival.payload

    def end(self) -> None:
        """Kill the child and let go of everything."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._questions, self._answers, self._complaints):
            with suppress(BrokenPipeError):  # what was still to be said to a child that is dead
                pipe.close()

    def _say(self, message: object, payload: bytes = b"") -> None:
        if self._asked == self.answered:
            self._busy_since = time.monotonic()
        self._asked += 1
        with suppress(BrokenPipeError):  # the child is gone: the listener has seen it, and answer() will tell
            wire.send(self._questions, message, payload)

    def _listen(self) -> None:
        """Take answers off the pipe as they come, so that the child never waits for the caller."""
        try:
            while True:
                message, payload = wire.receive(self._answers)
                self._arrivals.put(Arrival(message, payload, time.monotonic()))
        except (EOFError, pickle.UnpicklingError):
            self._process.kill()
            self._arrivals.put(None)

    def _loss(self, seconds: float) -> Lost:
        """How the child died."""
        code = self._process.wait()
        if code == OVERTIME:
            return Lost(f"took more than {seconds:g} s of processor time", hung=True)
        self._complaints.seek(0)
        last = self._complaints.read().decode(errors="replace").strip().rpartition("\n")[2]
        reason = last or (signal.Signals(-code).name if code < 0 else f"exit {code}")
        return Lost(f"crashed the PDF library ({reason})", hung=False)


def start(complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the child. -P keeps a module that happens to lie in the current folder from being imported."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-P", "-m", PROGRAM]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=complaints, env=environment())


def environment() -> dict[str, str]:
    """The child's: it imports what this process would import."""
    house = str(Path(vary_cli.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*(path for path in sys.path if path), house])}
