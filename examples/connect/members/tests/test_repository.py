import boto3
import pytest
from moto import mock_aws


@pytest.fixture
def members(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.syspath_prepend("members")
    with mock_aws():
        dynamodb = boto3.resource("dynamodb", region_name="eu-central-1")
        dynamodb.create_table(
            TableName="connect-test-members",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "memberId", "AttributeType": "S"},
                {"AttributeName": "email", "AttributeType": "S"},
            ],
            KeySchema=[{"AttributeName": "memberId", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-email",
                    "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        dynamodb.Table("connect-test-members").put_item(
            Item={"memberId": "mem_1", "email": "ada@example.com", "status": "active"}
        )
        from members.repository import Members

        yield Members("connect-test-members")


def test_by_email(members):
    assert members.by_email("ada@example.com")["memberId"] == "mem_1"
    assert members.by_email("nobody@example.com") is None


def test_active(members):
    assert [each["memberId"] for each in members.active()] == ["mem_1"]
