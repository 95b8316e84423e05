"""Deed 3: train a model on examples, stage by stage. Owns torch; is given its examples, knows not where they come from."""
