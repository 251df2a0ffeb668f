"""The tables by which texts find each other: sketches, their shingles, and who is like whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; every document that has a text to compare waits to be compared."""
    _make_sketches()
    op.create_table(
        "likenesses",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("other", sa.String(length=240), nullable=False),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("resemblance", sa.Float(), nullable=False),
        sa.Column("containment", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["doc_id"], ["documents.doc_id"], name=("fk_likenesses_doc_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other"], ["documents.doc_id"], name=("fk_likenesses_other"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("doc_id", "other", name=("pk_likenesses")),
    )
    op.create_index("ix_likenesses_other", "likenesses", ["other"], unique=False)
    op.get_bind().execute(
        sa.text(
            "INSERT INTO sketches (doc_id, number, version, shingles) "
            "SELECT doc_id, arrived, '', :none FROM documents WHERE kind <> 'comment'"
        ).bindparams(sa.bindparam("none", b"", type_=sa.LargeBinary()))
    )


def _make_sketches() -> None:
    op.create_table(
        "sketches",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("shingles", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["doc_id"], ["documents.doc_id"], name=("fk_sketches_doc_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("doc_id", name=("pk_sketches")),
    )
    op.create_index(("ix_sketches_number"), "sketches", ["number"], unique=False)
    op.create_index(("ix_sketches_version"), "sketches", ["version"], unique=False)
    op.create_table(
        "shingles",
        sa.Column("shingle", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shingle", "number", name=("pk_shingles")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "common_shingles",
        sa.Column("shingle", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shingle", "number", name=("pk_common_shingles")),
        sqlite_with_rowid=False,
    )
