"""The tree of ideas in the browser: columns go in, selections and acts come out."""
