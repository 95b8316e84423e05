"""What is drawn on a picture: ink told from paper, its connected pieces, and which of them are of which glyph.

Knows neither lines nor pages, nor who read the glyphs.
"""
