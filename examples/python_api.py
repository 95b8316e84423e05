"""Convert a document from Python: python examples/python_api.py."""

from pathlib import Path

from vary_cli import convert, formats, load

paper = Path(__file__).with_name("paper.pdf")
model = load("vary-nano")
document = convert(paper, model, pages="1-2")

for page in document.pages:
    print(f"page {page.number}: {len(page.text)} characters, read by {page.method}, score {page.score:.2f}")

print(formats.load("markdown").render(document, formats.Rendering(images="none")))
