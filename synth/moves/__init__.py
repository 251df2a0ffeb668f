"""One file per move, each with a `MOVE`. What one must be is said in `synth/move.py`."""
