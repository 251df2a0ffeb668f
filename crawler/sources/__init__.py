"""Types of sources, one file each, defining `SOURCE`."""
