"""One file per format, each defining `READER`; the file's name is the extractor's name."""
