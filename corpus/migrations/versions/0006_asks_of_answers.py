"""The request that each kept answer is of, so that the answer can be read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; answers that were kept before have none until they are asked for again."""
    op.add_column("answers", sa.Column("ask", sa.JSON(), nullable=True))
