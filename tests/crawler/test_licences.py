"""Licences: what they are called, and which let a text be passed on."""

from __future__ import annotations

import pytest

from crawler.licences import licence_by_site, licence_of, redistribution_of


@pytest.mark.parametrize(
    ("statement", "licence", "may_be_passed_on"),
    [
        ("CC-BY-4.0", "CC-BY-4.0", True),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0", True),
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", True),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0", False),
        ("Creative Commons Attribution-NonCommercial 4.0", "CC-BY-NC-4.0", False),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0", True),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0", True),
        ("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "arXiv-nonexclusive-1.0", False),
        ("Creative Commons Attribution Non Commercial 4.0", "CC-BY-NC-4.0", False),
        ("CC BY – NC 4.0", "CC-BY-NC-4.0", False),
        ("CC_BY_NC_SA_3.0", "CC-BY-NC-SA-3.0", False),
        ("All rights reserved. Parts of it from a work under CC BY-SA 3.0", "unknown", False),
        ("CC BY 4.0 except where otherwise noted", "unknown", False),
        ("A text about licences such as CC BY 4.0. " * 20, "unknown", False),
        ("MIT", "MIT", False),
        ("All rights reserved.", "unknown", False),
        ("", "unknown", False),
    ],
)
def test_a_licence_is_known_by_name_or_address(
    statement: str, licence: str, *, may_be_passed_on: bool
) -> None:
    assert licence_of(statement) == licence
    assert (redistribution_of(licence) == "allowed") == may_be_passed_on


def test_the_ea_forum_licenses_what_was_posted_since_december_2022() -> None:
    post = "https://forum.effectivealtruism.org/posts/bud2ssJLQ33pSemKH/a-post"
    assert licence_by_site(post, "2022-12-01T00:00:00Z") == "CC-BY-4.0"
    assert licence_by_site(post, "2022-11-30") == "unknown"
    assert licence_by_site(post, "2022") == "unknown"
    assert licence_by_site(post, None) == "unknown"
    assert licence_by_site("https://www.lesswrong.com/posts/x", "2024-01-01") == "unknown"
