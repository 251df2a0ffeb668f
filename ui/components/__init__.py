"""Pieces of the page written for the browser: a folder each, its sources beside what is built."""
