"""Vary-tiny: OPT-125M behind the vocabulary network, the paper's first stage; the picture alone is the prompt."""

from vary_cli.model.chat import PLAIN
from vary_cli.model.layouts import OPT_RULES, Layout
from vary_cli.model.sizes import opt_sizes
from vary_cli.model.spec import IMAGENET_MEAN, IMAGENET_STD, Branch, DecoderSpec, Markers, ModelSpec, PixelSpec

SPEC = ModelSpec(
    name="vary-tiny",
    branches=(Branch("vocabulary", PixelSpec(1024, "stretch", "bilinear", IMAGENET_MEAN, IMAGENET_STD), width=768),),
    decoder=DecoderSpec(
        kind="opt", width=768, depth=12, heads=12, ffn=3072, positions=4096, vocabulary=50268, tied=True
    ),
    markers=Markers(pad=50265, start=50266, end=50267),
    chat=PLAIN,
    tasks={"ocr": {"*": ""}},
    max_tokens=3800,
    license="code Apache-2.0; weights for research only",
    get="vary models convert FOLDER DST, with the authors' Vary-tiny files in FOLDER",
)

LAYOUTS: tuple[Layout, ...] = tuple(
    Layout(
        f"vary-tiny ({tower})",
        marks=(f"model.{tower}.", "model.mm_projector.", "model.decoder."),
        rules=(
            (rf"^model\.{tower}\.", "vocabulary."),
            (r"^model\.mm_projector\.", "projectors.vocabulary."),
            *OPT_RULES,
        ),
        sizes=opt_sizes,
    )
    for tower in ("vision_tower_2", "vision_tower")
)
