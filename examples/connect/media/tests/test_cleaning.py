from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws


@pytest.fixture
def cleaning(monkeypatch):
    monkeypatch.syspath_prepend("media")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("UPLOADS_BUCKET", "uploads")
    monkeypatch.setenv("RETENTION_DAYS", "1")
    with mock_aws():
        s3 = boto3.client("s3", region_name="eu-central-1")
        s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        s3.put_object(Bucket="uploads", Key="images/a.png", Body=b"a")
        s3.put_object(Bucket="uploads", Key="videos/b.mp4", Body=b"b")
        from media import cleaning as module

        yield module


def test_keeps_new(cleaning):
    assert cleaning.handler({"prefixes": ["images/"]}, None) == {"removed": 0}


def test_removes_old(cleaning, monkeypatch):
    monkeypatch.setattr(cleaning, "days_ago", lambda days: datetime.now(UTC) + timedelta(hours=1))
    assert cleaning.handler({"prefixes": ["images/", "videos/"]}, None) == {"removed": 2}
