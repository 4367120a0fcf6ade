import boto3
from botocore.exceptions import ClientError

from shop.config import require
from shop.errors import OutOfStock
from shop.log import info, timed

TABLE_NAME = require("STOCK_TABLE")

dynamodb = boto3.client("dynamodb")


def take(line):
    return {
        "Update": {
            "TableName": TABLE_NAME,
            "Key": {"sku": {"S": line["sku"]}},
            "UpdateExpression": "SET available = available - :n",
            "ConditionExpression": "available >= :n",
            "ExpressionAttributeValues": {":n": {"N": str(line["quantity"])}},
        }
    }


def levels(skus):
    keys = [{"sku": {"S": sku}} for sku in skus]
    answer = dynamodb.batch_get_item(RequestItems={TABLE_NAME: {"Keys": keys}})
    return {item["sku"]["S"]: int(item["available"]["N"]) for item in answer["Responses"][TABLE_NAME]}


@timed
def reserve(job, context):
    try:
        dynamodb.transact_write_items(TransactItems=[take(line) for line in job["lines"]])
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        have = levels([line["sku"] for line in job["lines"]])
        short = [line["sku"] for line in job["lines"] if have.get(line["sku"], 0) < line["quantity"]]
        raise OutOfStock(", ".join(short)) from error
    return {"lines": job["lines"]}


@timed
def release(job, context):
    for line in job["lines"]:
        dynamodb.update_item(
            TableName=TABLE_NAME,
            Key={"sku": {"S": line["sku"]}},
            UpdateExpression="SET available = available + :n",
            ExpressionAttributeValues={":n": {"N": str(line["quantity"])}},
        )
    info("released", orderId=job["orderId"])
