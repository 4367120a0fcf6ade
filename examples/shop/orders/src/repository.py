from datetime import datetime, timezone

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from shop.config import require
from shop.errors import Conflict, NotFound

BY_CUSTOMER = "by-customer"


class OrderRepository:
    def __init__(self, table_name=None):
        self._table = boto3.resource("dynamodb").Table(table_name or require("ORDERS_TABLE"))

    def add(self, order):
        self._table.put_item(Item=order, ConditionExpression="attribute_not_exists(orderId)")

    def get(self, order_id):
        item = self._table.get_item(Key={"orderId": order_id}).get("Item")
        if item is None:
            raise NotFound(f"there is no order {order_id}")
        return item

    def of_customer(self, customer_id, since=None):
        condition = Key("customerId").eq(customer_id)
        if since:
            condition &= Key("placedAt").gte(since)
        query = {"IndexName": BY_CUSTOMER, "KeyConditionExpression": condition, "ScanIndexForward": False}
        while True:
            page = self._table.query(**query)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def set_status(self, order_id, status, *, expected):
        names = {"#status": "status"}
        values = {":new": status, ":now": datetime.now(timezone.utc).isoformat()}
        values.update({f":old{i}": old for i, old in enumerate(expected)})
        allowed = ", ".join(f":old{i}" for i in range(len(expected)))
        try:
            self._table.update_item(
                Key={"orderId": order_id},
                UpdateExpression="SET #status = :new, changedAt = :now",
                ConditionExpression=f"#status IN ({allowed})",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Conflict(f"order {order_id} is past that") from error
            raise
