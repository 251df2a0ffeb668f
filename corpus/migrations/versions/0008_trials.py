"""Comparisons of ideas in pairs; trials with planted flaws, and what was said in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Make the three tables."""
    _comparisons()
    _items()
    _verdicts()


def _comparisons() -> None:
    op.create_table(
        "comparisons",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tree_id", sa.String(length=60), nullable=False),
        sa.Column("first", sa.String(length=60), nullable=False),
        sa.Column("second", sa.String(length=60), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("judge", sa.String(length=240), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_comparisons"),
    )
    op.create_index("ix_comparisons_tree_id", "comparisons", ["tree_id"])


def _items() -> None:
    op.create_table(
        "trial_items",
        sa.Column("trial_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=240), nullable=False),
        sa.Column("quoted", sa.String(length=240), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("flaw", sa.String(length=20), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["origin"], ["documents.doc_id"], name="fk_trial_items_origin"),
        sa.ForeignKeyConstraint(["quoted"], ["documents.doc_id"], name="fk_trial_items_quoted"),
        sa.PrimaryKeyConstraint("trial_id", "number", name="pk_trial_items"),
    )
    op.create_index("ix_trial_items_origin", "trial_items", ["origin"])
    op.create_index("ix_trial_items_quoted", "trial_items", ["quoted"])


def _verdicts() -> None:
    op.create_table(
        "trial_verdicts",
        sa.Column("trial_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(length=240), nullable=False),
        sa.Column("flaw", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("trial_id", "number", "judge", name="pk_trial_verdicts"),
    )
    op.create_index("ix_trial_verdicts_at", "trial_verdicts", ["at"])
