"""What happens on a forum behind a crawl's back, and what a crawl must bring all the same.

All of it is read from the world's rows, none of it from what a crawl does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.crawler.worlds.forum import ForumWorld

GONE: Mapping[str, str] = {
    "deleted": "deleted",
    "erased": "deleted",
    "unlisted": "unlisted",
    "rejected": "withdrawn",
    "reply rejected": "withdrawn",
    "reply deleted": "deleted",
    "reply deleted in public": "deleted",
    "reply retracted": "retracted",
}
"""What has another status than live after the week, by name, and which."""

NEW_TEXTS = (
    "edited",
    "edited lately",
    "late tag",
    "late karma",
    "published late",
    "posted",
    "lost its tag, then edited",
    "tag and touch, long ago",
)
"""The posts whose texts a crawl of the tag `ai` must fetch after the week, by name: no others."""


def eligible(world: ForumWorld, **wanted: Any) -> dict[str, str]:
    """Every post's text that a crawl must bring, by its key; from the world's rows alone."""
    barred = "draft unlisted rejected isEvent authorIsUnreviewed shortform".split()
    found = {}
    for key, row in world.posts.items():
        has = {tag["slug"] for tag in row["tags"]}
        if any(row.get(name) for name in barred) or row["baseScore"] < wanted.get("min_karma", 1):
            continue
        if not wanted.get("tags") or has & set(wanted["tags"]):
            found[key] = row["contents"]["markdown"]
    return found


def discussed(world: ForumWorld, **wanted: Any) -> dict[str, str]:
    """Every comment's text that a crawl must bring, by its key."""
    posts = eligible(world, **wanted)
    return {
        key: row["contents"]["markdown"]
        for key, row in world.comments.items()
        if row["postId"] in posts and not row["deleted"] and not row.get("rejected")
    }


def change_behind_the_cursor(world: ForumWorld) -> dict[str, str]:
    """Everything that happens to texts in a week; by name, the key of what it happened to."""
    ai = {"tags": ["ai"], "af": True}
    old, recent = world.now - timedelta(days=400), world.now - timedelta(days=60)
    keys = {
        name: world.post(f"First text of {name}.", posted=posted, **ai | facts)
        for name, posted, facts in (
            ("edited", old, {}),
            ("edited lately", recent, {}),
            ("late tag", recent, {"tags": []}),
            ("tag and touch, long ago", old, {"tags": []}),
            ("late karma", recent, {"baseScore": 0}),
            ("late promotion", old, {"af": False}),
            ("deleted", old, {}),
            ("erased", recent, {}),
            ("unlisted", old, {}),
            ("rejected", old, {}),
            ("lost its tag, then edited", old, {}),
            ("published late", world.now - timedelta(days=20), {"draft": True}),
        )
    }
    on = keys["edited"]
    ends = ("edited", "retracted", "rejected", "deleted", "deleted in public")
    for name in (f"reply {end}" for end in ends):
        keys[name] = world.comment(on, f"First text of {name}.", posted=old, af=True)
    keys["reply below late tag"] = world.comment(
        keys["late tag"], "A reply of old.", posted=recent, af=True
    )
    return keys


def let_a_week_pass(
    world: ForumWorld, keys: dict[str, str], *, week: timedelta = timedelta(days=7)
) -> None:
    """Let it happen within a week from `world.now`, which then is its end; new texts get keys."""
    begun = world.now
    world.now = begun + week / 2
    world.edit(keys["edited"], "Second text of edited.")
    world.edit(keys["edited lately"], "Second text of edited lately.")
    world.add_tag(keys["late tag"], "ai")
    world.add_tag(keys["tag and touch, long ago"], "ai")
    world.touch(keys["tag and touch, long ago"])
    world.change(keys["late karma"], baseScore=9)
    world.promote(keys["late promotion"])
    world.change(keys["deleted"], draft=True, deletedDraft=True)
    world.erase(keys["erased"])
    world.change(keys["unlisted"], unlisted=True)
    world.change(keys["rejected"], rejected=True, rejectedReason="off topic")
    world.change(keys["lost its tag, then edited"], tags=[])
    world.edit(keys["lost its tag, then edited"], "Second text without a tag.")
    world.change(keys["published late"], draft=False)
    world.edit_comment(keys["reply edited"], "Second text of reply edited.")
    world.change(keys["reply retracted"], retracted=True)
    world.change(keys["reply rejected"], rejected=True)
    world.change(keys["reply deleted"], deleted=True)
    world.change(
        keys["reply deleted in public"], deleted=True, deletedPublic=True, deletedReason="spam"
    )
    keys["posted"] = world.post("A new post.", tags=["ai"], af=True)
    keys["replied"] = world.comment(keys["posted"], "A new reply.", af=True)
    keys["replied to old"] = world.comment(keys["edited"], "A late reply.", af=True)
    world.now = begun + week
