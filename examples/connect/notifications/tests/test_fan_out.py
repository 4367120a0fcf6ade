import boto3
import pytest
from moto import mock_aws


@pytest.fixture
def fan_out(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.syspath_prepend("notifications")
    with mock_aws():
        queue = boto3.client("sqs", region_name="eu-central-1").create_queue(QueueName="mail")
        topic = boto3.client("sns", region_name="eu-central-1").create_topic(Name="push")
        monkeypatch.setenv("MAIL_QUEUE_URL", queue["QueueUrl"])
        monkeypatch.setenv("PUSH_TOPIC", topic["TopicArn"])
        from notifications import fan_out as module

        yield module


def test_every_kind_has_a_builder(fan_out):
    assert all(callable(build) for build in fan_out.NOTICES.values())


def test_invitation_is_mailed(fan_out):
    fan_out.handler({"detail-type": "MemberInvited", "detail": {"email": "ada@example.com"}}, None)
    queue_url = fan_out.settings.mail_queue_url
    received = boto3.client("sqs", region_name="eu-central-1").receive_message(QueueUrl=queue_url)
    assert "invitation" in received["Messages"][0]["Body"]
