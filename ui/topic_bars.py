"""Topics of a digest as rows of bars: the works of each week, this week's last and full."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import TopicCount
from ui import dress
from ui.foreign import html

HEIGHT = 26
"""Of the highest bar of all topics, in pixels."""


def drawn(topics: Sequence[TopicCount]) -> str:
    """All topics under each other on one scale, and what the figures say."""
    most = max((max(topic.count, *topic.before, 1) for topic in topics), default=1)
    lines = "".join(_line(topic, most) for topic in topics)
    said = (
        "Works of this week, and of a week of the eight before on average. p: how probable it is "
        "that one of the topics is so far from them if nothing has changed."
    )
    return f'<ul class="al-topics">{lines}</ul>{dress.small(said)}'


def _line(topic: TopicCount, most: int) -> str:
    weeks = [*topic.before, topic.count]
    bars = "".join(
        f'<i title="{count}" style="height:{round(HEIGHT * count / most)}px;'
        f'background:{html(topic.colour)};opacity:{1 if place == len(weeks) - 1 else 0.45}"></i>'
        for place, count in enumerate(weeks)
    )
    words = f"{topic.count} / {topic.usual:.1f}, p {topic.chance:.2f}"
    return f"<li><span>{html(topic.label)}</span><div>{bars}</div><b>{words}</b></li>"
