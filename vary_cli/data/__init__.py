"""Deed 2: data sets. Made by `making`, read by `forms`, looked at by `check` and `census`. Knows no tensor."""
