"""The one place that asks the outside world, and the home of Scrapy.

In: a request. Out: what came back within the limits of size, time and address, or why nothing
did. Open `engine.py` for how a request is made, `door.py` for the limits, `judging.py` for what an
answer means, `robots.py` and `addresses.py` for where we do not go, `local.py` for what is here.
"""
