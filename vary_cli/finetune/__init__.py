"""Deed 3: train a model on examples, stage by stage. Is given its examples; knows not where they come from."""
