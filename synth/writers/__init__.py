"""One file per writer, each with a `WRITER`. What one must be is said in `synth/writer.py`."""
