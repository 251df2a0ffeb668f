"""From the world to documents.

In: files, folders, and the sites that sources name. Out: documents with their texts, on the shelf,
and a list of what could not be read and why. Open `reader.py` and `importer.py` for files,
`source.py` and `crawl.py` for sites; `readers/` and `sources/` hold one format or type per file.
"""
