"""The command line and the web pages: the only part that reads options, prints and draws.

In: what a person types and clicks. Out: answers in words, in JSON or on a page, and exit codes.
Open `main.py` for how a command is run, `house.py` for how the parts are put together, and
`page.py` for the web page.
"""
