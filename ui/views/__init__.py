"""The web pages, one file each, defining `VIEW`; `ui/view.py` says what a page is."""
