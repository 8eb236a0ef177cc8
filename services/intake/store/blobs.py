"""Where the bytes of files lie: in the database (GridFS), or in an S3-compatible store if configured.

A blob's name is the SHA-256 of its content. What is given here is sealed already.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol

from gridfs import GridFSBucket
from gridfs.errors import NoFile
from pymongo.database import Database

from shared.settings import Settings

BUCKET = "files"
AT_ONCE = 500


class Blobs(Protocol):
    """Bytes by name."""

    def put(self, name: str, data: bytes, at: datetime) -> None:
        """Keep the bytes; when the name is there already, only its age begins anew."""
        ...

    def get(self, name: str) -> bytes | None:
        """The bytes, or None."""
        ...

    def names(self, after: str, limit: int) -> list[str]:
        """The next names in their order."""
        ...

    def replace(self, name: str, data: bytes) -> None:
        """Other bytes under the same name and age; the old ones go when the new ones are there."""
        ...

    def drop(self, name: str) -> None:
        """Keep them no longer."""
        ...

    def older(self, before: datetime) -> list[str]:
        """Some names that were put before an instant and not since."""
        ...


class GridBlobs:
    """In intake's own database, in pieces."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.bucket = GridFSBucket(database, bucket_name=BUCKET)
        self.files = database[f"{BUCKET}.files"]

    def put(self, name: str, data: bytes, at: datetime) -> None:
        if not self._touched(name, at):
            self.bucket.upload_from_stream(name, data)
            self._touched(name, at)

    def _touched(self, name: str, at: datetime) -> bool:
        return self.files.update_many({"filename": name}, {"$set": {"uploadDate": at}}).matched_count > 0

    def get(self, name: str) -> bytes | None:
        try:
            return bytes(self.bucket.open_download_stream_by_name(name).read())
        except NoFile:
            return None

    def names(self, after: str, limit: int) -> list[str]:
        found = self.files.find({"filename": {"$gt": after}}, {"filename": 1}, sort=[("filename", 1)])
        return [str(doc["filename"]) for doc in found.limit(limit)]

    def replace(self, name: str, data: bytes) -> None:
        old = list(self.files.find({"filename": name}, {"uploadDate": 1}))
        self.bucket.upload_from_stream(name, data)
        for found in old:
            self._touched(name, found["uploadDate"])
            self.bucket.delete(found["_id"])

    def drop(self, name: str) -> None:
        for found in list(self.files.find({"filename": name}, {"_id": 1})):
            self.bucket.delete(found["_id"])

    def older(self, before: datetime) -> list[str]:
        found = self.files.find({"uploadDate": {"$lt": before}}, {"filename": 1}, limit=AT_ONCE)
        return sorted({str(doc["filename"]) for doc in found})


class S3Blobs:
    """In a bucket of any store that speaks S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self.client, self.bucket = client, bucket

    def put(self, name: str, data: bytes, at: datetime) -> None:
        self.client.put_object(Bucket=self.bucket, Key=name, Body=data)

    def get(self, name: str) -> bytes | None:
        try:
            return bytes(self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read())
        except self.client.exceptions.NoSuchKey:
            return None

    def names(self, after: str, limit: int) -> list[str]:
        page = self.client.list_objects_v2(Bucket=self.bucket, StartAfter=after, MaxKeys=limit)
        return [str(item["Key"]) for item in page.get("Contents", ())]

    def replace(self, name: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=name, Body=data)

    def drop(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    def older(self, before: datetime) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [
            str(item["Key"])
            for page in pages
            for item in page.get("Contents", ())
            if item["LastModified"].astimezone(UTC) < before
        ][:AT_ONCE]


def s3(settings: Settings) -> S3Blobs:
    """The configured bucket. Needs the extra `s3`, and the secrets s3_access_key and s3_secret_key."""
    import boto3  # only where it is configured: nobody else carries it

    client = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=settings.secret("s3_access_key"),
        aws_secret_access_key=settings.secret("s3_secret_key"),
    )
    return S3Blobs(client, settings.s3_bucket)


def blobs(settings: Settings, database: Database[dict[str, Any]]) -> Blobs:
    """Where this deployment keeps the bytes of files."""
    return s3(settings) if settings.s3_endpoint else GridBlobs(database)


class MemoryBlobs:
    """In memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, data: bytes, at: datetime) -> None:
        self.kept[name] = self.kept.get(name, (data, at))[0], at

    def get(self, name: str) -> bytes | None:
        return self.kept[name][0] if name in self.kept else None

    def names(self, after: str, limit: int) -> list[str]:
        return sorted(name for name in self.kept if name > after)[:limit]

    def replace(self, name: str, data: bytes) -> None:
        self.kept[name] = data, self.kept[name][1]

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)

    def older(self, before: datetime) -> list[str]:
        return sorted(name for name, (_, at) in self.kept.items() if at < before)[:AT_ONCE]
