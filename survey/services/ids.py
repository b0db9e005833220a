"""Many ids in one statement: neither database takes them as that many parameters."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import InstrumentedAttribute, Session

FEW = 200


def is_one_of(
    session: Session, column: InstrumentedAttribute[Any], ids: Collection[str]
) -> ColumnElement[bool]:
    """The condition that a column holds one of these ids."""
    listed = sorted(ids)
    if len(listed) <= FEW:
        return column.in_(listed)
    packed = json.dumps(listed)
    if session.get_bind().dialect.name == "sqlite":
        values = func.json_each(packed)
    else:
        values = func.json_array_elements_text(cast(cast(packed, Text), JSON))
    # The value must be named with its table: a bare name could be a column of the query around it.
    return column.in_(select(values.table_valued("value").c.value))
