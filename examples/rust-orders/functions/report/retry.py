"""Puts the work of an order into the queue once more."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
sqs = boto3.client("sqs")


def handler(event, _context):
    order = table.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
    if order is None:
        return {"statusCode": 404}
    sqs.send_message(QueueUrl=os.environ["WORK_QUEUE"], MessageBody=json.dumps({"id": order["id"]}))
    return {"statusCode": 202}
