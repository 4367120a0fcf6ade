from decimal import Decimal

import boto3
import pytest
from moto import mock_aws

from connect_shared.errors import Conflict, NotFound
from connect_shared.repository import Repository, from_item, to_item


class Things(Repository):
    name = "things"
    key = ("thingId",)


@pytest.fixture
def things(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        boto3.resource("dynamodb", region_name="eu-central-1").create_table(
            TableName="things",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "thingId", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "thingId", "KeyType": "HASH"}],
        )
        yield Things("things")


def test_numbers_survive():
    assert from_item(to_item({"a": 1.5, "b": [2], "c": None})) == {"a": 1.5, "b": [2]}
    assert from_item(Decimal("3")) == 3


def test_add_twice(things):
    things.add({"thingId": "a"})
    with pytest.raises(Conflict):
        things.add({"thingId": "a"})


def test_change_and_remove(things):
    things.add({"thingId": "a", "size": 1})
    assert things.change(("a",), size=2)["size"] == 2
    things.remove("a")
    with pytest.raises(NotFound):
        things.get("a")
