"""From the world to documents.

In: files and folders. Out: documents with their texts, on the shelf, and a list of what could not
be read and why. Open `reader.py` for what a reader is and what it yields, `readers/` for one
format per file, `importer.py` for the driver that walks, asks the readers and shelves.
"""
