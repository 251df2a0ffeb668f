"""From a corpus to an embedding model of one's own: pairs, a loop, a judgement; see `run.py`."""
