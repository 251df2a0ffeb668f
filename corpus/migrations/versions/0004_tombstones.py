"""The table of what was forgotten: ids and hashes, and nothing that was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table of tombstones."""
    op.create_table(
        "tombstones",
        sa.Column("doc_id", sa.String(length=240), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("doc_id", "version", name=("pk_tombstones")),
    )
    op.create_index("ix_tombstones_version", "tombstones", ["version"], unique=False)
