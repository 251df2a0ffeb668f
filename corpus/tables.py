"""The tables of the store, for SQLite and PostgreSQL alike. Migrations change them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy import Column as _Column
from sqlalchemy.engine import Dialect


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring to UTC whatever zone the moment has."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that what was kept is UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

counters = Table(
    "counters",
    metadata,
    _Column("name", String(40), primary_key=True),
    _Column("value", BigInteger, nullable=False),
)
"""One row, `changes`: taking the next number locks it, so numbers commit in their order."""

documents = Table(
    "documents",
    metadata,
    _Column("doc_id", String(240), primary_key=True),
    _Column("work_id", String(240), nullable=False, index=True),
    _Column("source", String(120), nullable=False, index=True),
    _Column("kind", String(20), nullable=False),
    _Column("title", Text, nullable=False),
    _Column("url", Text, nullable=False),
    _Column("authors", JSON, nullable=False),
    _Column("alternate_urls", JSON, nullable=False),
    _Column("published", String(20), index=True),
    _Column("updated", String(20)),
    _Column("first_seen", Moment, nullable=False),
    _Column("last_checked", Moment, nullable=False),
    _Column("tags", JSON, nullable=False),
    _Column("metrics", JSON, nullable=False),
    _Column("parent", String(240), index=True),
    _Column("licence", String(80), nullable=False),
    _Column("redistribution", String(20), nullable=False),
    _Column("status", String(20), nullable=False),
    _Column("status_reason", Text, nullable=False),
    _Column("status_at", Moment),
    _Column("origin", Text, nullable=False, index=True),
    _Column("version", String(64), nullable=False),
    _Column("arrived", BigInteger, nullable=False, index=True),
    _Column("changed", BigInteger, nullable=False, index=True),
)
"""`version` names the current text; `arrived` and `changed` are numbers of the change counter."""

versions = Table(
    "versions",
    metadata,
    _Column("doc_id", String(240), ForeignKey("documents.doc_id"), primary_key=True),
    _Column("version", String(64), primary_key=True),
    _Column("text", Text, nullable=False),
    _Column("source_revision", String(80), nullable=False),
    _Column("fetched_at", Moment, nullable=False),
    _Column("raw_sha256", String(64), nullable=False),
    _Column("extractor", String(60), nullable=False),
    _Column("extractor_version", String(40), nullable=False),
    _Column("outlinks", JSON, nullable=False),
    _Column("characters", Integer, nullable=False),
    _Column("quality", JSON, nullable=False),
    _Column("changed", BigInteger, nullable=False),
)

work_keys = Table(
    "work_keys",
    metadata,
    _Column("doc_id", String(240), ForeignKey("documents.doc_id"), primary_key=True),
    _Column("key", String(260), primary_key=True, index=True),
)

sketches = Table(
    "sketches",
    metadata,
    _Column(
        "doc_id", String(240), ForeignKey("documents.doc_id", ondelete="CASCADE"), primary_key=True
    ),
    _Column("number", BigInteger, nullable=False, index=True),
    _Column("version", String(64), nullable=False, index=True),
    _Column("shingles", LargeBinary, nullable=False),
)
"""The sampled shingles of each text that is compared with others, as `corpus.shingles` packs them.

`number` is the document's `arrived`. Where `version` is empty the document waits to be compared.
"""

shingles = Table(
    "shingles",
    metadata,
    _Column("shingle", BigInteger, primary_key=True),
    _Column("number", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)
"""The same the other way round: which sketches hold a shingle, by their numbers.

Of a common shingle, which so many texts hold that it says nothing, one row with the number -1.
"""

common_shingles = Table(
    "common_shingles",
    metadata,
    _Column("shingle", BigInteger, primary_key=True),
    _Column("number", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)
"""Which sketches hold the common shingles."""

likenesses = Table(
    "likenesses",
    metadata,
    _Column(
        "doc_id", String(240), ForeignKey("documents.doc_id", ondelete="CASCADE"), primary_key=True
    ),
    _Column(
        "other",
        String(240),
        ForeignKey("documents.doc_id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    _Column("relation", String(10), nullable=False),
    _Column("resemblance", Float, nullable=False),
    _Column("containment", Float, nullable=False),
)
"""Pairs of texts that were compared in full and found alike, each pair in both directions."""

labels = Table(
    "labels",
    metadata,
    _Column("doc_id", String(240), ForeignKey("documents.doc_id"), primary_key=True),
    _Column("role", String(10), primary_key=True),
    _Column("name", String(200), primary_key=True),
    Index("ix_labels_role_name", "role", "name"),
)
"""Authors and tags, folded for filters: role `author` or `tag`, name as `fold` leaves it."""

tree_events = Table(
    "tree_events",
    metadata,
    _Column("tree_id", String(60), primary_key=True),
    _Column("number", Integer, primary_key=True),
    _Column("at", Moment, nullable=False),
    _Column("who", String(120), nullable=False),
    _Column("action", String(20), nullable=False),
    _Column("idea_id", String(60), nullable=False, index=True),
    _Column("before", JSON),
    _Column("after", JSON),
)
"""The only place where trees are kept. Two writers of one number collide on the key."""

digests = Table(
    "digests",
    metadata,
    _Column("profile", String(80), primary_key=True),
    _Column("period", String(40), primary_key=True),
    _Column("since", String(10), nullable=False),
    _Column("until", String(10), nullable=False),
    _Column("after", BigInteger),
    _Column("upto", BigInteger, nullable=False),
    _Column("made_at", Moment, nullable=False),
    _Column("facts", JSON, nullable=False),
)
"""Each digest that was made. It covers what arrived after the number `after`, up to `upto`.

One that looks back, which no later one goes on from, has no `after`. `facts` names documents and
places in texts, and holds none of their words.
"""

digest_entries = Table(
    "digest_entries",
    metadata,
    _Column("profile", String(80), primary_key=True),
    _Column("period", String(40), primary_key=True),
    _Column("rank", Integer, primary_key=True),
    _Column("work_id", String(240), nullable=False),
    _Column("edition", Integer, nullable=False),
    _Column("doc_id", String(240), nullable=False),
    _Column("version", String(64), nullable=False),
    _Column("role", String(20), nullable=False),
    _Column("reason", Text, nullable=False),
    _Column("quotes", JSON, nullable=False),
    _Column("shown_at", Moment, nullable=False),
    Index("ix_digest_entries_once", "profile", "work_id", "edition", unique=True),
)
"""What each digest showed. No profile is shown an edition of a work twice: the index sees to it.

`edition` is 0 the first time; a work whose text changed much may return as 1, 2 …
"""

digest_mails = Table(
    "digest_mails",
    metadata,
    _Column("profile", String(80), primary_key=True),
    _Column("period", String(40), primary_key=True),
    _Column("recipient", String(254), primary_key=True),
    _Column("state", String(10), nullable=False),
    _Column("message_id", String(120), nullable=False),
    _Column("at", Moment, nullable=False),
)
"""Mails `sending` or `sent`. What was killed while sending is never sent again by itself."""

marks = Table(
    "marks",
    metadata,
    _Column("profile", String(80), primary_key=True),
    _Column(
        "doc_id", String(240), ForeignKey("documents.doc_id", ondelete="CASCADE"), primary_key=True
    ),
    _Column("mark", String(10), nullable=False),
    _Column("at", Moment, nullable=False),
)
"""What a reader said of a work, through one of its documents: `up`, `down`, `never`, `later`."""

collections = Table(
    "collections",
    metadata,
    _Column("name", String(80), primary_key=True),
    _Column("asked", JSON, nullable=False),
    _Column("seen", BigInteger, nullable=False),
    _Column("who", String(120), nullable=False),
    _Column("looked_at", Moment, nullable=False),
)
"""Searches with names. `seen` is the change up to which the index was when one was looked at."""

topics = Table(
    "topics",
    metadata,
    _Column("number", Integer, primary_key=True, autoincrement=False),
    _Column("label", Text, nullable=False),
    _Column("colour", String(7), nullable=False),
    _Column("centre", LargeBinary, nullable=False),
    _Column("embedder", String(200), nullable=False),
    _Column("born", String(40), nullable=False),
)
"""Topics keep number, label and colour from week to week. `centre` is a float32 row."""

crawls = Table(
    "crawls",
    metadata,
    _Column("source", String(120), primary_key=True),
    _Column("started", Moment, primary_key=True),
    _Column("finished", Moment),
    _Column("wish", JSON, nullable=False),
    _Column("counts", JSON, nullable=False),
)
"""`started` is the `now` of all its requests; a crawl without `finished` is gone on with."""

frontier = Table(
    "frontier",
    metadata,
    _Column("source", String(120), primary_key=True),
    _Column("key", String(64), primary_key=True),
    _Column("number", Integer, nullable=False),
    _Column("ask", JSON, nullable=False),
    _Column("method", String(8), nullable=False),
    _Column("url", Text, nullable=False),
    _Column("hops", Integer, nullable=False),
    _Column("host", String(260), nullable=False),
    _Column("state", String(10), nullable=False),
    _Column("lease_until", Moment),
    _Column("holder", String(200), nullable=False),
    _Column("tries", Integer, nullable=False),
    _Column("not_before", Moment),
    _Column("reason", Text, nullable=False),
    _Column("lasting", Boolean, nullable=False),
    Index("ix_frontier_source_state_number", "source", "state", "number"),
    Index("ix_frontier_state_lease_until", "state", "lease_until"),
)
"""Requests of the crawl under way: `waiting`, `leased`, `done` or `dead`.

`method` and `url` are where redirects have led. A dead one whose fault is not `lasting` is asked
again by the next crawl.
"""

hosts = Table(
    "hosts",
    metadata,
    _Column("host", String(260), primary_key=True),
    _Column("free_at", Moment),
    _Column("leased_until", Moment),
    _Column("holder", String(200), nullable=False),
    _Column("robots", Text, nullable=False),
    _Column("robots_at", Moment),
)
"""When a host may be asked next, who is asking it now, and what its robots.txt says."""

positions = Table(
    "positions",
    metadata,
    _Column("source", String(120), primary_key=True),
    _Column("stream", String(120), primary_key=True),
    _Column("whole", Boolean, primary_key=True),
    _Column("value", JSON, nullable=False),
)
"""How far each stream has come: `whole` after the last finished crawl, else in this one."""

health = Table(
    "health",
    metadata,
    _Column("source", String(120), primary_key=True),
    _Column("state", String(10), nullable=False),
    _Column("since", Moment, nullable=False),
    _Column("last_ok", Moment),
    _Column("next_try", Moment),
    _Column("message", Text, nullable=False),
)
"""Whether a source let us in: `ok`, `closed` by the source, or `failing`."""

answers = Table(
    "answers",
    metadata,
    _Column("source", String(120), primary_key=True),
    _Column("key", String(64), primary_key=True),
    _Column("url", Text, nullable=False),
    _Column("status", Integer, nullable=False),
    _Column("headers", JSON, nullable=False),
    _Column("fetched_at", Moment, nullable=False),
    _Column("sha256", String(64), nullable=False, index=True),
    _Column("ask", JSON),
)
"""The newest answer to each request, so that it can be read again without asking again."""

bodies = Table(
    "bodies",
    metadata,
    _Column("sha256", String(64), primary_key=True),
    _Column("size_bytes", Integer, nullable=False),
    _Column("deflated", LargeBinary, nullable=False),
)
"""What was answered, by the hash of its bytes, compressed by zlib."""

tombstones = Table(
    "tombstones",
    metadata,
    _Column("doc_id", String(240), primary_key=True),
    _Column("version", String(64), primary_key=True),
    _Column("at", Moment, nullable=False),
    _Column("done", Boolean, nullable=False),
    Index("ix_tombstones_version", "version"),
)
"""Documents that were forgotten, each under an empty version, and the hashes of their texts.

Not `done`: its bytes may still be in the files of the home.
"""

comparisons = Table(
    "comparisons",
    metadata,
    _Column("number", Integer, primary_key=True, autoincrement=True),
    _Column("tree_id", String(60), nullable=False, index=True),
    _Column("first", String(60), nullable=False),
    _Column("second", String(60), nullable=False),
    _Column("criterion", String(40), nullable=False),
    _Column("judge", String(240), nullable=False),
    _Column("decision", String(10), nullable=False),
    _Column("who", String(120), nullable=False),
    _Column("at", Moment, nullable=False),
    _Column("call_id", String(40), nullable=False),
)
"""Pairs of ideas that were compared, in the order in which they were shown; never changed."""

trial_items = Table(
    "trial_items",
    metadata,
    _Column("trial_id", String(40), primary_key=True),
    _Column("number", Integer, primary_key=True),
    _Column("at", Moment, nullable=False),
    _Column("origin", String(240), ForeignKey("documents.doc_id"), nullable=False, index=True),
    _Column("quoted", String(240), ForeignKey("documents.doc_id"), nullable=False, index=True),
    _Column("claim", Text, nullable=False),
    _Column("title", Text, nullable=False),
    _Column("evidence", JSON, nullable=False),
    _Column("flaw", String(20), nullable=False),
    _Column("before", Text, nullable=False),
    _Column("after", Text, nullable=False),
)
"""What trials show, with its key: `flaw` is empty where none was planted.

`origin` is the document that the claim is from, `quoted` the one whose sentences are shown beside
it; an item leaves with either of them.
"""

trial_verdicts = Table(
    "trial_verdicts",
    metadata,
    _Column("trial_id", String(40), primary_key=True),
    _Column("number", Integer, primary_key=True),
    _Column("judge", String(240), primary_key=True),
    _Column("flaw", String(20), nullable=False),
    _Column("verdict", String(20), nullable=False),
    _Column("at", Moment, nullable=False, index=True),
)
"""What somebody said of an item, beside what was true of it: figures outlast the texts."""

model_calls = Table(
    "model_calls",
    metadata,
    _Column("call_id", String(40), primary_key=True),
    _Column("key", String(64), nullable=False, index=True),
    _Column("purpose", String(80), nullable=False),
    _Column("model", String(200), nullable=False),
    _Column("prompt", Text, nullable=False),
    _Column("reply", Text, nullable=False),
    _Column("prompt_tokens", Integer, nullable=False),
    _Column("reply_tokens", Integer, nullable=False),
    _Column("cost_usd", Float, nullable=False),
    _Column("seconds", Float, nullable=False),
    _Column("at", Moment, nullable=False, index=True),
    _Column("fault", Text, nullable=False),
    _Column("doc_ids", JSON, nullable=False),
)
"""Every question to a language model: the ledger, the cache, and what the budgets count.

A row is written before its question is sent, with the fault `no answer yet` and the most that it
may cost; so what a killed process asked is counted too.
"""
