"""vary-nano: the model that comes with the program; reads lines and regions, names glyphs, answers in Markdown."""

from vary_cli.example import FORMULA
from vary_cli.model.chat import ChatStyle
from vary_cli.model.layouts import Layout
from vary_cli.model.repertoire import COMMON, GB2312
from vary_cli.model.spec import Branch, DecoderSpec, GlyphSpec, Markers, ModelSpec, VocabularySpec

SPEC = ModelSpec(
    name="vary-nano",
    reads="region",
    vocabulary=VocabularySpec(
        width=128,
        depth=8,
        heads=4,
        window=(4, 16),
        global_blocks=(3, 7),
        channels=1,
        image_size=None,
        patch=8,
        stem=(32, 64, 128),
        neck=128,
        merge=(256, 384),
        merge_stride=(2, 1),
        merge_activation=True,
    ),
    glyphs=GlyphSpec(COMMON, GB2312, traits=True),
    branches=(Branch("glyphs", width=256),),
    decoder=DecoderSpec(
        kind="qwen2", width=256, depth=6, heads=4, ffn=768, positions=1024, vocabulary=4110, prefix=True
    ),
    markers=Markers(pad=3, start=4, end=5),
    chat=ChatStyle(end="</s>", stop=("</s>",), bos="</s>", after_image=""),
    tasks={"ocr": {"*": ""}, "formula": {"*": FORMULA}},
    max_tokens=256,
    license="AGPL-3.0-or-later",
    get="it comes with the program",
)

LAYOUTS: tuple[Layout, ...] = ()
