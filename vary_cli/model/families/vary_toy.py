"""Vary-toy: Qwen-1.8B behind CLIP and the vocabulary network (arXiv 2401.12503)."""

from vary_cli.model.chat import MPT
from vary_cli.model.layouts import QWEN1, Layout
from vary_cli.model.spec import Branch, ClipSpec, DecoderSpec, Markers, ModelSpec, PixelSpec

SPEC = ModelSpec(
    name="vary-toy",
    clip=ClipSpec(),
    branches=(
        Branch("clip", PixelSpec(224, "crop"), width=1024),
        Branch("vocabulary", PixelSpec(), width=1024),
    ),
    decoder=DecoderSpec(
        kind="qwen2",
        width=2048,
        depth=24,
        heads=16,
        ffn=5504,
        positions=8192,
        vocabulary=151860,
        tied=False,
        trained_length=8192,
    ),
    markers=Markers(pad=151859, start=151857, end=151858),
    chat=MPT,
    tasks={
        "ocr": {"en": "Provide the ocr results of this image.", "zh": "写出图中的文字。"},
        "markdown": {"en": "Convert the image to markdown format.", "zh": "将这幅图转成markdown格式。"},
        "latex": {"*": "Convert the image to markdown/latex format."},
        "table": {"*": "Convert this table to latex format."},
        "chart": {"*": "Convert this chart to python-dict"},
        "detect": {"*": "Detect all objects in this image"},
        "describe": {"*": "Describe the content of this image in a sentence."},
    },
    license="code Apache-2.0; weights for research only",
    source="Haoran-megvii/Vary-toy",
    get="hf download Haoran-megvii/Vary-toy, then --model vary-toy finds it",
)

LAYOUTS: tuple[Layout, ...] = (QWEN1,)
