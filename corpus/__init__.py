"""The nouns, and the shelf they stand on.

In: documents and their texts, as a reader or a crawler found them. Out: the same, versioned,
matched into works, and safe from a kill at any moment. Open `model.py` first; `shelf.py` next.
"""
