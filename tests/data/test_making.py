from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from vary_cli.data import forms, making
from vary_cli.data.making import Order, Task
from vary_cli.data.sources import lines, negatives, pdf
from vary_cli.data.workers import Done
from vary_cli.errors import OutputError


@pytest.fixture(scope="session")
def order(texts: Path, fonts: Path) -> Order:
    """Two blocks of lines and a piece of a third."""
    return Order("lines", lines.Options((texts,), (fonts,), chinese=0, lines=(1, 2)), 2 * lines.BLOCK + 10, seed=5)


@pytest.fixture(scope="session")
def whole(order: Order, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The order, made without a break by one worker."""
    path = tmp_path_factory.mktemp("whole")
    parts = list(making.made(order, path, 1))
    assert sum(part.examples for part in parts) == order.count
    return path


def bytes_of(folder: Path) -> dict[str, bytes]:
    """What a data set is made of, less its notes."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".vary" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_same_seed_makes_the_same_bytes_with_any_number_of_workers(
    order: Order, whole: Path, tmp_path: Path
) -> None:
    list(making.made(order, tmp_path / "two", 2))
    one, two = bytes_of(whole), bytes_of(tmp_path / "two")
    assert len(one) == order.total() + 1
    assert one == two


def test_a_run_that_was_killed_goes_on(order: Order, whole: Path, texts: Path, fonts: Path, tmp_path: Path) -> None:
    words = f"make lines {texts} --fonts {fonts} --chinese 0 --lines 1 2 -n {order.count} --seed 5 --workers 1"
    command = [sys.executable, "-m", "vary_cli", "data", *words.split(), "-o", str(tmp_path / "killed")]
    process = subprocess.Popen(command, env=process_environment())
    first = tmp_path / "killed/.vary/parts/000000.json"
    deadline = time.monotonic() + 120
    while not first.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert first.exists()
    before = first.stat().st_mtime_ns
    assert subprocess.run(command, env=process_environment(), check=False).returncode == 0
    assert (tmp_path / "killed/0000/000000-000.png").stat().st_mtime_ns <= before
    assert bytes_of(tmp_path / "killed") == bytes_of(whole)


def process_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_larger_count_adds_to_what_is_there(order: Order, whole: Path, tmp_path: Path) -> None:
    list(making.made(replace(order, count=lines.BLOCK), tmp_path / "grown"))
    made = (tmp_path / "grown/0000/000000-000.png").stat().st_mtime_ns
    list(making.made(order, tmp_path / "grown"))
    assert (tmp_path / "grown/0000/000000-000.png").stat().st_mtime_ns == made
    assert bytes_of(tmp_path / "grown") == bytes_of(whole)


def test_tar_files_hold_what_the_folder_would(order: Order, whole: Path, tmp_path: Path) -> None:
    list(making.made(replace(order, form="shards"), tmp_path / "shards"))
    packed, loose = forms.examples(tmp_path / "shards"), forms.examples(whole)
    assert len(packed) == len(loose)
    for index in (0, 1, len(packed) - 1):
        assert (packed[index].answer, packed[index].glyphs) == (loose[index].answer, loose[index].glyphs)
        assert packed[index].image.tobytes() == loose[index].image.tobytes()


def test_a_folder_of_something_else_is_left_alone(order: Order, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.tex").write_text("years of work")
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="not empty"):
            list(making.made(order, tmp_path / "mine", overwrite=overwrite))
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


def test_another_order_replaces_a_set_only_when_told_to(order: Order, tmp_path: Path) -> None:
    small = replace(order, count=3)
    list(making.made(small, tmp_path / "set"))
    other = replace(small, seed=9)
    with pytest.raises(OutputError, match="other files or options"):
        list(making.made(other, tmp_path / "set"))
    list(making.made(other, tmp_path / "set", overwrite=True))
    list(making.made(other, tmp_path / "fresh"))
    assert bytes_of(tmp_path / "set") == bytes_of(tmp_path / "fresh")


def test_bad_files_are_left_out_with_a_reason(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    make_pdf("secret " * 20, name="pdfs/locked.pdf", encryption=4, user_pw="x", owner_pw="y")
    make_pdf("", name="pdfs/scan.pdf")
    make_pdf("Words that are long enough to make a page of them worth while.", name="pdfs/good.pdf")
    (part,) = [part for part in making.made(Order("pdf", pdf.Options((folder,))), tmp_path / "set") if part.examples]
    reasons = {
        Path(skip.origin.split("#")[0].removeprefix("pdf:")).name: skip.reason for skip in skips(tmp_path / "set")
    }
    assert part.examples == 1
    assert reasons == {
        "broken.pdf": "cannot be opened",
        "locked.pdf": "needs a password",
        "scan.pdf": "no text layer",
    }


def skips(path: Path) -> list[making.Skipped]:
    store = making.Store(path, "folder")
    parts = [store.part(number) for number in range(4)]
    return [skip for part in parts if part for skip in part.skipped]


def test_what_ends_a_worker_is_left_out_and_the_rest_is_made(tmp_path: Path) -> None:
    for name in "abc":
        Image.effect_noise((80, 80), 50).save(tmp_path / f"{name}.png")
    order = Order("negatives", negatives.Options(tuple(tmp_path / f"{name}.png" for name in "abc")))
    spared = making.spared(order, Done(Task(0), [0, 0, 1], "crashed (SIGSEGV)"))
    assert spared == Task(0, ((1, "crashed (SIGSEGV)"),))
    (tmp_path / "set/.vary/parts").mkdir(parents=True)
    list(making.make(order, tmp_path / "set", spared))
    part = making.Store(tmp_path / "set", "folder").part(0)
    assert part is not None
    assert (part.examples, part.expected) == (2, 3)
    assert [(Path(skip.origin).name, skip.reason) for skip in part.skipped] == [("b.png", "crashed (SIGSEGV)")]
