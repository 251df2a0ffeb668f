"""The first tables: documents, versions, works, labels, trees and digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first store."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=("pk_counters")),
    )
    op.create_table(
        "digest_entries",
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.String(length=240), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", "rank", name=("pk_digest_entries")),
    )
    op.create_index("ix_digest_entries_work_id", "digest_entries", ["work_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("work_id", sa.String(length=240), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("alternate_urls", sa.JSON(), nullable=False),
        sa.Column("published", sa.String(length=20), nullable=True),
        sa.Column("updated", sa.String(length=20), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_checked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("parent", sa.String(length=240), nullable=True),
        sa.Column("licence", sa.String(length=80), nullable=False),
        sa.Column("redistribution", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("doc_id", name=("pk_documents")),
    )
    op.create_index(("ix_documents_arrived"), "documents", ["arrived"], unique=False)
    op.create_index(("ix_documents_changed"), "documents", ["changed"], unique=False)
    op.create_index(("ix_documents_origin"), "documents", ["origin"], unique=False)
    op.create_index(("ix_documents_parent"), "documents", ["parent"], unique=False)
    op.create_index(("ix_documents_published"), "documents", ["published"], unique=False)
    op.create_index(("ix_documents_source"), "documents", ["source"], unique=False)
    op.create_index(("ix_documents_work_id"), "documents", ["work_id"], unique=False)
    op.create_table(
        "tree_events",
        sa.Column("tree_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("idea_id", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("tree_id", "number", name=("pk_tree_events")),
    )
    op.create_index(("ix_tree_events_idea_id"), "tree_events", ["idea_id"], unique=False)
    op.create_table(
        "labels",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"], name=("fk_labels_doc_id")),
        sa.PrimaryKeyConstraint("doc_id", "role", "name", name=("pk_labels")),
    )
    op.create_index("ix_labels_role_name", "labels", ["role", "name"], unique=False)
    op.create_table(
        "versions",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_revision", sa.String(length=80), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("extractor", sa.String(length=60), nullable=False),
        sa.Column("extractor_version", sa.String(length=40), nullable=False),
        sa.Column("outlinks", sa.JSON(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"], name=("fk_versions_doc_id")),
        sa.PrimaryKeyConstraint("doc_id", "version", name=("pk_versions")),
    )
    op.create_table(
        "work_keys",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("key", sa.String(length=260), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["documents.doc_id"], name=("fk_work_keys_doc_id")),
        sa.PrimaryKeyConstraint("doc_id", "key", name=("pk_work_keys")),
    )
    op.create_index(("ix_work_keys_key"), "work_keys", ["key"], unique=False)
