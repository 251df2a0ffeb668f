"""One file per format of a tree, each with an `EXPORT`. See `synth/export.py`."""
