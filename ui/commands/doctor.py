"""`alignloom doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from ui import show
from ui.house import House

PANEL = "4 Keep and care"
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(context: typer.Context) -> None:
    """Look for what is wrong, and say how to mend it."""
    from ui.checkup import examine

    house: House = context.obj
    findings = []
    for finding in examine(house):
        findings.append(finding)
        if not show.wants_json():
            show.marked(
                f"{finding.state:4}", STYLES[finding.state], f"{finding.name}: {finding.detail}"
            )
            if finding.remedy:
                show.line(f"try: {finding.remedy}", indent=6)
    if show.wants_json():
        show.value([asdict(finding) for finding in findings])
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(1)
