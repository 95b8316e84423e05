"""What a family of models is, as data: shapes, prompts, preprocessing. Knows neither torch nor files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from vary_cli.model.chat import ChatStyle

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class VocabularySpec:
    """Shape of the vocabulary network (Vary paper, section 3.2: SAM-base ViTDet and two stride-2 convolutions).

    The defaults are the published network: 1024 px square, a 64 x 64 grid, 256 tokens of 1024.
    """

    width: int = 768
    """Channels of the transformer blocks."""
    depth: int = 12
    """Number of transformer blocks."""
    heads: int = 12
    """Attention heads of each block."""
    window: tuple[int, int] = (14, 14)
    """Rows and columns of the attention windows."""
    global_blocks: tuple[int, ...] = (2, 5, 8, 11)
    """Blocks that attend to the whole grid instead of to windows."""
    channels: int = 3
    """Channels of the input image: 3 (RGB) or 1 (ink on paper)."""
    image_size: int | None = 1024
    """Side of the square input in px; None: any height and width, no absolute positions, windows alone know places."""
    patch: int = 16
    """Pixels a grid cell covers in each direction."""
    stem: tuple[int, ...] = ()
    """Channels of the stride-2 convolutions before the blocks; empty: one patch convolution, as published."""
    neck: int = 256
    """Channels of the neck."""
    merge: tuple[int, int] = (512, 1024)
    """Output channels of the two strided convolutions; the last is the width of a vision token."""
    merge_stride: tuple[int, int] = (2, 2)
    """Stride of both convolutions, rows and columns."""
    merge_activation: bool = False
    """A GELU between the two convolutions (the published network has none)."""

    @property
    def token_width(self) -> int:
        """Channels of one vision token."""
        return self.merge[-1]

    @property
    def cell(self) -> tuple[int, int]:
        """Height and width in px of what one vision token covers."""
        rows, columns = self.merge_stride
        return self.patch * rows**2, self.patch * columns**2


@dataclass(frozen=True)
class GlyphSpec:
    """The characters a glyph head can name."""

    common: str
    """Characters told apart on every half cell: Latin, digits, punctuation, Greek, mathematical signs."""
    han: str = ""
    """Han characters, told apart only where the common classes say Han."""
    traits: bool = False
    """Whether the head also says how a character is set: bold, italic, typewriter, raised or lowered, how large."""


@dataclass(frozen=True)
class ClipSpec:
    """Shape of the CLIP vision tower (openai/clip-vit-large-patch14) and which of its layers is looked at."""

    width: int = 1024
    depth: int = 24
    heads: int = 16
    ffn: int = 4096
    image_size: int = 224
    patch: int = 14
    layer: int = -2
    """Index into the hidden states (0 is before the first layer); the class token is dropped."""

    @property
    def token_width(self) -> int:
        """Channels of one token."""
        return self.width

    @property
    def layers_used(self) -> int:
        """How many layers run to reach `layer`."""
        return self.layer if self.layer >= 0 else self.depth + 1 + self.layer


@dataclass(frozen=True)
class DecoderSpec:
    """Shape of the language model. Built with transformers: OPT, Qwen2 (also for Qwen v1) or Llama."""

    kind: Literal["opt", "qwen2", "llama"] = "opt"
    width: int = 256
    depth: int = 4
    heads: int = 8
    kv_heads: int | None = None
    """Key and value heads; None: as many as heads."""
    ffn: int = 1024
    """Inner width of one branch of the MLP."""
    positions: int = 1024
    """Longest sequence, tokens."""
    vocabulary: int = 6144
    tied: bool = True
    """The output layer is the token table."""
    rope_base: float = 10000.0
    """Base of the rotary positions; OPT has learned positions."""
    norm_eps: float = 1e-6
    """Of the RMS norms; OPT has its own."""
    trained_length: int | None = None
    """Qwen v1's seq_length: beyond it log-n attention and dynamic NTK come into force; None: they never do."""
    prefix: bool = False
    """Whether what stands in a prompt sees all of it, not only what is before (Raffel et al. 2020, section 3.2.1)."""


@dataclass(frozen=True)
class PixelSpec:
    """How a picture becomes the input of a tower."""

    size: int = 1024
    """Side of the square input, px."""
    fit: Literal["stretch", "crop"] = "stretch"
    """Both sides to `size`, or the short side and then the middle."""
    resample: Literal["bilinear", "bicubic"] = "bicubic"
    """Bilinear: without antialias, as OpenCV; bicubic: with, as Pillow."""
    mean: tuple[float, ...] = CLIP_MEAN
    std: tuple[float, ...] = CLIP_STD


@dataclass(frozen=True)
class Branch:
    """One way of looking at the picture: a tower, its pixels, and a linear projection of its tokens.

    The tower `glyphs` is the glyph head on the vocabulary's tokens: a row is a character that it names (see marks.py).
    """

    tower: Literal["vocabulary", "clip", "glyphs"]
    pixels: PixelSpec = PixelSpec()
    width: int = field(kw_only=True)
    """Channels that it contributes to an image row; the branches of a model add up to the decoder's width."""


@dataclass(frozen=True)
class Markers:
    """The ids around and in place of an image's rows."""

    pad: int
    """Stands where a row of the image goes; may lie outside of the token table."""
    start: int | None = None
    end: int | None = None
    tokens: int = 256
    """Rows of one picture."""


@dataclass(frozen=True)
class TileSpec:
    """Pages cut into a grid of pictures and a thumbnail, all in one image block (GOT, after InternVL 1.5)."""

    most: int = 6
    """Tiles of a page at most, without the thumbnail."""
    tasks: tuple[str, ...] = ("tiles-ocr", "tiles-markdown")
    """Tasks whose questions are asked of a page in tiles."""


@dataclass(frozen=True)
class ModelSpec:
    """A model as data: everything that is needed to build it and to ask it."""

    name: str
    reads: Literal["page", "region"] = "page"
    """What is read at once."""
    vocabulary: VocabularySpec = VocabularySpec()
    clip: ClipSpec | None = None
    branches: tuple[Branch, ...] = ()
    """In the order in which their channels are joined."""
    decoder: DecoderSpec | None = None
    """None: the towers alone."""
    glyphs: GlyphSpec | None = None
    markers: Markers = Markers(pad=-1)
    chat: ChatStyle = field(default_factory=ChatStyle)
    tasks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Task -> language -> question; the language "*" is any. The first task is the default."""
    regions: bool = False
    """Questions may begin with a box or a colour in brackets: `[red] OCR: `."""
    tiles: TileSpec | None = None
    languages: tuple[str, ...] = ("en", "zh")
    max_tokens: int = 2048
    """Longest answer."""
    license: str = ""
    source: str = ""
    """Where the weights come from: a repository of the Hugging Face hub, or a sentence."""
    revision: str = ""
    """The commit that is pinned there."""
    get: str = ""
    """How to get the weights, for people."""

    def __post_init__(self) -> None:
        if self.decoder is not None and sum(branch.width for branch in self.branches) not in (0, self.decoder.width):
            raise ValueError(f"{self.name}: the branches' widths do not add up to the decoder's {self.decoder.width}")


def as_dict(spec: ModelSpec) -> dict[str, Any]:
    """A spec as JSON has it."""
    return asdict(spec)


def from_dict(data: Mapping[str, Any]) -> ModelSpec:
    """A spec from JSON. Raises ValueError that names an unknown field."""
    spec: ModelSpec = built(ModelSpec, data)
    return spec


def built(kind: Any, data: Any) -> Any:  # noqa: ANN401  (walks type annotations)
    """A value of JSON as the type `kind` wants it: dataclasses, optional ones, and tuples are rebuilt."""
    if get_origin(kind) is UnionType:
        return None if data is None else built(get_args(kind)[0], data)
    if get_origin(kind) is tuple:
        items = get_args(kind)
        return tuple(built(items[0], item) for item in data)
    if not is_dataclass(kind):
        return data
    hints = get_type_hints(kind)
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise ValueError(f"{getattr(kind, '__name__', kind)} has no field {', '.join(unknown)}")
    return kind(**{name: built(hints[name], value) for name, value in data.items()})  # type: ignore[operator]
