"""The commands, one file each; a file's name is the command's, less an underscore at its end.

A file defines a function of its own name, or a `typer.Typer` of that name where the command has
commands of its own; `PANEL` says under which heading `--help` lists it. What a command needs of
the heavy libraries it imports when it is called, so that `--help` stays quick.
"""
