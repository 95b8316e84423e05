"""The model room: the one network, its families as data, checkpoints, batches and the engine. It owns torch."""
