"""GOT-OCR2: Qwen2-0.5B behind the vocabulary network alone; tiles, boxes and colours (arXiv 2409.01704)."""

from vary_cli.model.chat import MPT
from vary_cli.model.layouts import LLAMA_RULES, SAM_RULES, TOWER_RULES, Layout
from vary_cli.model.sizes import got_sizes, llama_sizes
from vary_cli.model.spec import Branch, DecoderSpec, Markers, ModelSpec, PixelSpec, TileSpec

SPEC = ModelSpec(
    name="got-ocr2",
    branches=(Branch("vocabulary", PixelSpec(), width=1024),),
    decoder=DecoderSpec(
        kind="qwen2",
        width=1024,
        depth=24,
        heads=16,
        kv_heads=16,
        ffn=2816,
        positions=32768,
        vocabulary=151860,
        rope_base=1e6,
    ),
    markers=Markers(pad=151859, start=151857, end=151858),
    chat=MPT,
    tasks={
        "ocr": {"*": "OCR: "},
        "markdown": {"*": "OCR with format: "},
        "tiles-ocr": {"*": "OCR upon the patch reference: "},
        "tiles-markdown": {"*": "OCR with format upon the patch reference: "},
        "pages": {"*": "OCR with format across multi pages: "},
    },
    regions=True,
    tiles=TileSpec(),
    max_tokens=4096,
    license="code Apache-2.0; weights Apache-2.0",
    source="stepfun-ai/GOT-OCR2_0",
    revision="979938bf89ccdc949c0131ddd3841e24578a4742",
    get="--model got-ocr2 fetches it on first use",
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "got-ocr2",
        marks=("model.vision_tower_high.", "model.mm_projector_vary.", "model.layers."),
        without=("model.vision_tower.",),
        rules=TOWER_RULES + LLAMA_RULES,
        sizes=llama_sizes,
    ),
    *(
        Layout(
            f"got-ocr2, transformers ({where})",
            marks=(f"{prefix}vision_tower.", f"{prefix}multi_modal_projector.", language),
            rules=(
                (r"^(model\.)?vision_tower\.", "vocabulary."),
                *SAM_RULES,
                (r"^(model\.)?multi_modal_projector\.conv_upsampler1\.", "vocabulary.net_2."),
                (r"^(model\.)?multi_modal_projector\.conv_upsampler2\.", "vocabulary.net_3."),
                (r"^(model\.)?multi_modal_projector\.multimodal_projector\.", "projectors.vocabulary."),
                (r"^language_model\.(model|lm_head)\.", r"decoder.\1."),
                (r"^model\.language_model\.", "decoder.model."),
                (r"^lm_head\.", "decoder.lm_head."),
            ),
            sizes=got_sizes,
        )
        for where, prefix, language in (
            ("published", "", "language_model.model."),
            ("in memory", "model.", "model.language_model."),
        )
    ),
)
