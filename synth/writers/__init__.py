"""One file per writer, each with a `WRITER` that opens it. What one must be: `synth/writer.py`."""
