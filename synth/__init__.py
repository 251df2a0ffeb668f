"""From evidence to ideas.

In: the shelf's texts and what the index found in them. Out: summaries, answers, trees of ideas
and digests, every claim of which is a quote with its place. Open `evidence.py` first, for how a
claim comes about; then `growing.py`, for how a tree grows.
"""
