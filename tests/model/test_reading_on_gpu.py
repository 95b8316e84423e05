"""What a CUDA device must do as a CPU does; skipped where there is none."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw
from shrunken import FAMILIES, model, tokenizer

from vary_cli.example import Example
from vary_cli.model.checkpoint import Loaded
from vary_cli.model.pages import Reading, transcriber

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is here")]
EXAMPLES = Path(__file__).parents[2] / "examples"


def answers(family: str, device: str) -> list[str]:
    network = model(family).to(device).eval()
    network.spec = replace(network.spec, max_tokens=12)
    loaded = Loaded(network, network.spec, tokenizer(), Path(family))
    images = []
    for text in ("one", "two", "three"):
        images.append(Image.new("RGB", (80, 120), "white"))
        ImageDraw.Draw(images[-1]).text((4, 4), text, fill="black")
    return [answer.text for answer in transcriber(loaded, Reading(max_tokens=12), batch_size=2)(map(Example, images))]


@pytest.mark.parametrize("family", [name for name in FAMILIES if name != "vary_nano"])
def test_a_family_writes_on_a_gpu_what_it_writes_on_a_cpu(family: str) -> None:
    assert answers(family, "cuda") == answers(family, "cpu")


@pytest.mark.parametrize(("dtype", "least"), [("fp32", 0.995), ("bf16", 0.97)])
def test_a_scan_reads_on_a_gpu_as_on_a_cpu(dtype: str, least: float, tmp_path: Path) -> None:
    texts = []
    for device, kind in (("cpu", "fp32"), ("cuda", dtype)):
        out = tmp_path / f"{device}.md"
        said = ["convert", str(EXAMPLES / "column.png"), "-o", str(out), "--device", device, "--dtype", kind]
        subprocess.run([sys.executable, "-m", "vary_cli", *said], check=True)
        texts.append(out.read_text())
    assert SequenceMatcher(None, *texts, autojunk=False).ratio() > least
