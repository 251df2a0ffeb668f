"""`alignloom ui`: the web page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ui import show
from ui.house import House

PANEL = "1 Begin"


def ui(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="serve on this port only")
    ] = None,
) -> None:
    """Serve the web page on this machine, until Ctrl-C."""
    serve(context.obj, port)


def serve(house: House, port: int | None = None) -> None:
    """Serve the page of a house and print its address once it answers."""
    from ui import serving

    preferred = house.settings.port
    chosen = serving.choose_port(port, preferred)
    if port is None and chosen != preferred:
        show.warn(f"port {preferred} is in use; taking {chosen}")
    show.say("starting the page …")
    with serving.served(house.home, chosen) as server:
        if show.wants_json():
            show.value({"url": serving.address(chosen)})
        else:
            show.line(f"The page is at {serving.address(chosen)}  (Ctrl-C ends it)", style="bold")
        sys.stdout.flush()
        try:
            server.wait()
        except KeyboardInterrupt:
            show.say("ended")
