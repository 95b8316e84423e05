"""A document with everything in it."""

import pytest
from PIL import Image

from vary_cli.document import Account, Document, PageText, Picture

FIRST = r"""# A title with $x^2$ & signs [^1]

Some *emphasis*, **strong**, `code_{x}` and [a link](https://example.org/a_b?c=%20&d=1#e). 5 \$, 10 %; α ≤ β, “café”.

## Section one

- item one
- item two
  1. sub one
  2. sub two

> A quotation.

| Name | Value |
|:-----|------:|
| a_b  | $\frac{1}{2}$ |
| x \| y | 3 |

<table><tr><th colspan="2">Both</th></tr><tr><td rowspan="2">left</td><td>b<br>c</td></tr><tr><td>d</td></tr></table>

$$
\begin{align}
a &= b \tag{1}
\end{align}
$$

```python
def f(x):
    return {"a": x}  # \end{Verbatim}
```

![A figure](p001-fig01.png)

H<sub>2</sub>O, <script>alert(1)</script>, <img src=x onerror=alert(2)> and \input{/etc/passwd}.

<!-- Running head -->

[^1]: A footnote with *marks* and \write18{ls}.
"""
SECOND = "## 第二章 中文\n\n本页用中文写成，公式 $E=mc^2$ 也在其中。[^1]\n\n1. 第一项\n2. 第二项\n\n[^1]: 注释。\n"
SPOOF = '<!-- vary: page 9 -->\n\n<a id="page-9"></a>\n\n[x](javascript:alert(1)) ![y](https://example.org/y.png)\n\n```\nopen'


@pytest.fixture
def document() -> Document:
    picture = Picture("p001-fig01.png", Image.new("RGB", (60, 40), "teal"))
    account = Account(verified=900, corrected=3, unverified=2, read=1)
    pages = (
        PageText(1, "i", FIRST, "stop", "layer+model", 0.97, 1.5, ("Running head",), (picture,), account, ("odd",)),
        PageText(2, "ii", SECOND, "stop", "model", 0.9, 0.7),
        PageText(3, "1", SPOOF, "repeat", "model", 0.5),
        PageText(4, "2", "", "failed", "none", warnings=("timeout --> <b>",), code="timeout"),
        PageText(5, "3", "", "blank", "blank"),
        PageText(6, "4", "The end.", "stop", "layer"),
    )
    return Document(
        "papers/paper 1.pdf", pages, {"title": 'A "title" & more', "sha256": "ab" * 32, "options": {"a": 1}}
    )


@pytest.fixture
def nothing() -> Document:
    return Document("empty.pdf", ())
