"""Where identity keeps what it knows of departments' passwords: hashes, followed from routing."""

from __future__ import annotations

from shared.aggregate import AggregateDocument
from shared.aggregate.held import Teller

DEPARTMENTS = Teller(service="identity", aggregate="department_access")


class DepartmentDocument(AggregateDocument):
    """A stored access of a department."""

    meta = {"collection": "department_access", "db_alias": "identity", "indexes": ["inbox.k"]}
