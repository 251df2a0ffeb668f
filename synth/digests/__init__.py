"""One file per format of a digest, each with a `DIGEST`. See `synth/digest.py`."""
