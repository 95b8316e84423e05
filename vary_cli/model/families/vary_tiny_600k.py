"""Vary-tiny-600k: the authors' small reproduction, image rows before `</s>OCR: `, answers that end with a newline."""

from dataclasses import replace

from vary_cli.model.chat import ChatStyle
from vary_cli.model.families import vary_tiny
from vary_cli.model.layouts import Layout
from vary_cli.model.sizes import opt_sizes
from vary_cli.model.spec import Branch, DecoderSpec, Markers, PixelSpec

SPEC = replace(
    vary_tiny.SPEC,
    name="vary-tiny-600k",
    branches=(Branch("vocabulary", PixelSpec(), width=768),),
    decoder=DecoderSpec(
        kind="opt", width=768, depth=12, heads=12, ffn=3072, positions=2048, vocabulary=50272, tied=True
    ),
    markers=Markers(pad=1 << 20),  # outside of the table: the rows have no markers
    chat=ChatStyle(answer=("", "\n"), stop=("\n",), image=("", ""), after_image="</s>"),
    tasks={"ocr": {"*": "OCR: "}},
    max_tokens=1600,
    source="",
    get="vary models convert FILE.pth DST, with the authors' Vary-tiny-600k file",
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "vary-tiny-600k",
        marks=("visual_encoder.", "opt_model.", "opt_proj."),
        rules=(
            (r"^visual_encoder\.", "vocabulary."),
            (r"^opt_proj\.", "projectors.vocabulary."),
            (r"^opt_model\.", "decoder."),
        ),
        sizes=opt_sizes,
    ),
)
