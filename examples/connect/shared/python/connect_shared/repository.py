from decimal import Decimal

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from connect_shared.aws import table as open_table
from connect_shared.dates import iso
from connect_shared.errors import Conflict, NotFound
from connect_shared.settings import settings


def to_item(value):
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: to_item(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [to_item(inner) for inner in value]
    return value


def from_item(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: from_item(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [from_item(inner) for inner in value]
    return value


class Repository:
    name = None
    key = ("id",)

    def __init__(self, table_name=None):
        self.table_name = table_name or f"connect-{settings.stage}-{self.name}"
        self._table = None

    @property
    def table(self):
        if self._table is None:
            self._table = open_table(self.table_name)
        return self._table

    def _key(self, values):
        return dict(zip(self.key, values, strict=True))

    def find(self, *values):
        answer = self.table.get_item(Key=self._key(values))
        item = answer.get("Item")
        return from_item(item) if item else None

    def get(self, *values):
        item = self.find(*values)
        if item is None:
            raise NotFound(f"{self.name} {'/'.join(values)}")
        return item

    def add(self, item):
        item.setdefault("createdAt", iso())
        try:
            self.table.put_item(Item=to_item(item), ConditionExpression=f"attribute_not_exists({self.key[0]})")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Conflict(f"{self.name} exists") from error
            raise
        return item

    def save(self, item):
        item["updatedAt"] = iso()
        self.table.put_item(Item=to_item(item))
        return item

    def change(self, values, **changes):
        changes["updatedAt"] = iso()
        names = {f"#{key}": key for key in changes}
        settings_expression = ", ".join(f"#{key} = :{key}" for key in changes)
        answer = self.table.update_item(
            Key=self._key(values),
            UpdateExpression=f"SET {settings_expression}",
            ConditionExpression=f"attribute_exists({self.key[0]})",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={f":{key}": to_item(value) for key, value in changes.items()},
            ReturnValues="ALL_NEW",
        )
        return from_item(answer["Attributes"])

    def increment(self, values, attribute, amount=1):
        self.table.update_item(
            Key=self._key(values),
            UpdateExpression="ADD #attribute :amount",
            ExpressionAttributeNames={"#attribute": attribute},
            ExpressionAttributeValues={":amount": amount},
        )

    def remove(self, *values):
        self.table.delete_item(Key=self._key(values))

    def query(self, attribute, value, index=None, limit=None, newest_first=False):
        arguments = {
            "KeyConditionExpression": Key(attribute).eq(value),
            "ScanIndexForward": not newest_first,
        }
        if index:
            arguments["IndexName"] = index
        found = []
        while True:
            answer = self.table.query(**arguments)
            found.extend(from_item(item) for item in answer["Items"])
            if limit and len(found) >= limit:
                return found[:limit]
            if "LastEvaluatedKey" not in answer:
                return found
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def scan(self, **arguments):
        while True:
            answer = self.table.scan(**arguments)
            yield from (from_item(item) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def remove_all(self, keys):
        with self.table.batch_writer() as batch:
            for values in keys:
                batch.delete_item(Key=self._key(values))
