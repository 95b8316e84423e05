"""Vary-base on Vicuna-7B, as the paper describes it. No weights and no code of it were published: to be trained."""

from dataclasses import replace

from vary_cli.model.chat import VICUNA
from vary_cli.model.families import vary_base
from vary_cli.model.layouts import LLAMA_RULES, TOWER_RULES, Layout
from vary_cli.model.sizes import llama_sizes
from vary_cli.model.spec import DecoderSpec, Markers

SPEC = replace(
    vary_base.SPEC,
    name="vary-base-vicuna",
    decoder=DecoderSpec(
        kind="llama",
        width=4096,
        depth=32,
        heads=32,
        ffn=11008,
        positions=2048,
        vocabulary=32003,
        tied=False,
        norm_eps=1e-5,
    ),
    markers=Markers(pad=32000, start=32001, end=32002),
    chat=VICUNA,
    languages=("en",),
    license="code Apache-2.0; Vicuna's weights under the Llama licence",
    get="no weights exist; train it: vary finetune --stage base --model vary-base-vicuna",
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "vary-base-vicuna",
        marks=("model.vision_tower_high.", "model.vision_tower.vision_model.", "model.layers."),
        rules=TOWER_RULES + LLAMA_RULES,
        sizes=llama_sizes,
    ),
)
