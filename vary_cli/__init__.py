"""vary: documents to Markdown or LaTeX with the Vary vision-language models."""

__version__ = "0.1.0"
