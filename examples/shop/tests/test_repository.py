import boto3
import pytest
from moto import mock_aws

from shop.errors import Conflict, NotFound


@pytest.fixture
def orders():
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="orders-under-test",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
        )
        from repository import OrderRepository

        yield OrderRepository()


def test_an_order_is_found_again(orders):
    orders.add({"orderId": "1", "status": "PLACED"})
    assert orders.get("1")["status"] == "PLACED"


def test_what_was_never_added_is_not_found(orders):
    with pytest.raises(NotFound):
        orders.get("2")


def test_a_shipped_order_cannot_be_cancelled(orders):
    orders.add({"orderId": "1", "status": "SHIPPED"})
    with pytest.raises(Conflict):
        orders.set_status("1", "CANCELLED", expected=("PLACED",))
