from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from vary_cli.data import workers
from vary_cli.data.workers import Done, Limits
from vary_cli.errors import DataError


def misbehaving(task: str) -> Iterator[str]:
    """What a hostile file may do to the process that reads it."""
    yield f"{task} begun"
    if task == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == "hang":
        time.sleep(60)
    if task == "eat":
        held = [np.empty(1 << 30, np.uint8) for _ in range(64)]
        raise AssertionError(len(held))
    if task == "fail":
        raise KeyError("a bug")
    if task == "known":
        raise DataError("no fonts", "install some")
    yield f"{task} done"


def ran(*tasks: str, count: int = 2) -> dict[str, Done[str, str]]:
    return {done.task: done for done in workers.run(misbehaving, tasks, count, Limits(2.0, 4 << 30))}


def test_one_childs_end_is_no_others() -> None:
    done = ran("a", "crash", "b", "hang", "fail", "c")
    assert [done[task].results for task in "abc"] == [[f"{task} begun", f"{task} done"] for task in "abc"]
    assert not any(done[task].trouble for task in "abc")
    assert done["crash"].trouble == "crashed (SIGSEGV)"
    assert done["hang"].trouble == "took longer than 2 s"
    assert done["fail"].trouble.startswith("failed (KeyError: 'a bug', at test_workers.py:")
    assert all(done[task].results == [f"{task} begun"] for task in ("crash", "hang", "fail"))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_child_that_eats_memory_is_told_so() -> None:
    assert ran("eat", "a")["eat"].trouble == "needs too much memory"


def test_an_error_for_the_user_reaches_the_user_with_its_hint() -> None:
    with pytest.raises(DataError, match="no fonts") as error:
        ran("known")
    assert error.value.hint == "install some"
