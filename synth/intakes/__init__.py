"""One file per format that trees are taken in from, each with an `INTAKE`; `synth/intake.py`."""
