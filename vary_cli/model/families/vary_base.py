"""Vary-base on Qwen-7B: CLIP and the vocabulary network side by side (arXiv 2312.06109)."""

from dataclasses import replace

from vary_cli.model.chat import MPT
from vary_cli.model.families import vary_toy
from vary_cli.model.layouts import QWEN1, Layout
from vary_cli.model.spec import IMAGENET_MEAN, IMAGENET_STD, Branch, DecoderSpec, PixelSpec

SPEC = replace(
    vary_toy.SPEC,
    name="vary-base",
    branches=(
        Branch("clip", PixelSpec(224, "crop"), width=2048),
        Branch("vocabulary", PixelSpec(1024, "stretch", "bilinear", IMAGENET_MEAN, IMAGENET_STD), width=2048),
    ),
    decoder=DecoderSpec(
        kind="qwen2",
        width=4096,
        depth=32,
        heads=32,
        ffn=11008,
        positions=8192,
        vocabulary=151860,
        tied=False,
        trained_length=8192,
    ),
    chat=replace(MPT, after_image=""),
    source="",
    revision="",
    get="the authors give it out by e-mail (github.com/Ucas-HaoranWei/Vary); then: vary models convert FOLDER DST",
)

LAYOUTS: tuple[Layout, ...] = (replace(QWEN1, widths=range(4096, 1 << 20)),)
