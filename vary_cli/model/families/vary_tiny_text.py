"""Vary-tiny with a question beside the picture: the later weights, asked in Vicuna's words.

Its files look like Vary-tiny's: say `--family vary-tiny-text` when converting them.
"""

from dataclasses import replace

from vary_cli.model.chat import VICUNA
from vary_cli.model.families import vary_tiny
from vary_cli.model.layouts import Layout
from vary_cli.model.spec import Branch, PixelSpec

SPEC = replace(
    vary_tiny.SPEC,
    name="vary-tiny-text",
    branches=(Branch("vocabulary", PixelSpec(), width=768),),
    chat=replace(VICUNA, bos="</s>"),
    tasks={
        "ocr": {"*": "Provide the OCR results of this image."},
        "detect": {"*": "Detect all objects in this image"},
    },
    max_tokens=2048,
    source="HaoranWei/Vary-tiny-opt125M",
    get="hf download HaoranWei/Vary-tiny-opt125M, then --model vary-tiny-text finds it",
)

LAYOUTS: tuple[Layout, ...] = vary_tiny.LAYOUTS
