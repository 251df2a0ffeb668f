"""What every feed of ours must keep to, whether it is written to a file or served."""

from __future__ import annotations

import json
from typing import Any

import feedparser
import jsonschema
from lxml import etree

ATOM = etree.RelaxNG(
    etree.fromstring(
        """
<element name="feed" ns="http://www.w3.org/2005/Atom"
  xmlns="http://relaxng.org/ns/structure/1.0"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <interleave>
    <element name="id"><data type="anyURI"/></element>
    <element name="title"><text/></element>
    <element name="updated"><data type="dateTime"/></element>
    <optional><element name="generator"><text/></element></optional>
    <optional><element name="link">
      <attribute name="rel"><value>self</value></attribute>
      <attribute name="href"><data type="anyURI"/></attribute>
    </element></optional>
    <oneOrMore><element name="author"><element name="name"><text/></element></element></oneOrMore>
    <zeroOrMore><element name="entry"><interleave>
      <element name="id"><data type="anyURI"/></element>
      <element name="title"><text/></element>
      <element name="updated"><data type="dateTime"/></element>
      <zeroOrMore>
        <element name="author"><element name="name"><text/></element></element>
      </zeroOrMore>
      <optional><element name="link">
        <attribute name="rel"><value>alternate</value></attribute>
        <attribute name="href"><data type="anyURI"/></attribute>
      </element></optional>
      <zeroOrMore>
        <element name="category"><attribute name="term"><text/></attribute></element>
      </zeroOrMore>
      <element name="content">
        <attribute name="type"><value>text</value></attribute><text/>
      </element>
    </interleave></element></zeroOrMore>
  </interleave>
</element>"""
    )
)
"""What of RFC 4287 a feed of ours uses: what must be there is, once, and of its type."""

JSON_FEED: dict[str, Any] = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "language": {"type": "string"},
        "feed_url": {"type": "string", "pattern": "^https?://"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_text"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https?://"},
                    "title": {"type": "string"},
                    "content_text": {"type": "string"},
                    "date_published": {
                        "type": "string",
                        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$",
                    },
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "authors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {"name": {"type": "string", "minLength": 1}},
                        },
                    },
                },
            },
        },
    },
}
"""What jsonfeed.org/version/1.1 says of the fields that a feed of ours uses."""


def check_atom(text: str) -> Any:
    """Hold an Atom feed against its schema, and read it as programs that read feeds do."""
    ATOM.assertValid(etree.fromstring(text.encode()))
    read = feedparser.parse(text)
    assert not read.bozo
    assert len({entry.id for entry in read.entries}) == len(read.entries)
    assert all(entry.content[0].type == "text/plain" for entry in read.entries)
    return read


def check_json_feed(text: str) -> Any:
    """Hold a JSON Feed against its schema."""
    feed = json.loads(text)
    jsonschema.validate(feed, JSON_FEED)
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed
