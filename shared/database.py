"""One database per service, opened by nobody else: majority, journalled writes."""

from __future__ import annotations

from typing import Any

from mongoengine import connect
from pymongo import MongoClient
from pymongo.database import Database

from shared.settings import settings


def open_database(service: str) -> Database[dict[str, Any]]:
    """Connect a service's MongoEngine alias (its own name) and return the database."""
    client: MongoClient[dict[str, Any]] = connect(
        db=settings().database(service),
        alias=service,
        host=settings().mongo_url,
        tz_aware=True,
        uuidRepresentation="standard",
        w="majority",
        journal=True,
        retryWrites=True,
        retryReads=True,
        serverSelectionTimeoutMS=5_000,
        socketTimeoutMS=20_000,
        maxPoolSize=50,
    )
    return client[settings().database(service)]
