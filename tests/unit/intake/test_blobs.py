"""Files in an S3-compatible store: what is asked of it, without one; boto3 comes with the extra `s3`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from services.intake.store.blobs import S3Blobs
from tests.unit.intake.forms import NOW

boto3 = pytest.importorskip("boto3", reason="the extra s3 is not installed")
stub = pytest.importorskip("botocore.stub")
response = pytest.importorskip("botocore.response")
KEY = {"Bucket": "b", "Key": "a" * 64}


@pytest.fixture
def given() -> Iterator[tuple[S3Blobs, Any]]:
    """A bucket whose store answers what a test says, and complains of what was not expected."""
    client = boto3.client(
        "s3", endpoint_url="http://127.0.0.1:1", region_name="us-east-1",
        aws_access_key_id="x", aws_secret_access_key="x",
    )  # fmt: skip
    with stub.Stubber(client) as expected:
        yield S3Blobs(client, "b"), expected
        expected.assert_no_pending_responses()
    client.close()


def test_bytes_are_put_read_and_dropped_by_name(given: tuple[S3Blobs, Any]) -> None:
    blobs, expected = given
    expected.add_response("put_object", {}, {**KEY, "Body": b"sealed"})
    expected.add_response("get_object", {"Body": response.StreamingBody(BytesIO(b"sealed"), 6)}, KEY)
    expected.add_response("delete_object", {}, KEY)

    blobs.put("a" * 64, b"sealed", NOW)
    found = blobs.get("a" * 64)
    blobs.drop("a" * 64)

    assert found == b"sealed"


def test_what_is_not_there_is_none(given: tuple[S3Blobs, Any]) -> None:
    blobs, expected = given
    expected.add_client_error("get_object", "NoSuchKey", http_status_code=404)

    assert blobs.get("a" * 64) is None


def test_old_names_are_found_on_every_page(given: tuple[S3Blobs, Any]) -> None:
    blobs, expected = given
    old, young = {"Key": "a", "LastModified": NOW - timedelta(days=31)}, {"Key": "b", "LastModified": NOW}
    more = {"Contents": [old, young], "IsTruncated": True, "NextContinuationToken": "t"}
    expected.add_response("list_objects_v2", more, {"Bucket": "b"})
    last = {"Contents": [old | {"Key": "c"}], "IsTruncated": False}
    expected.add_response("list_objects_v2", last, {"Bucket": "b", "ContinuationToken": "t"})

    assert blobs.older(NOW - timedelta(days=30)) == ["a", "c"]
