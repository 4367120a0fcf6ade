"""Counts the orders of the day, and their invoices."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
s3 = boto3.client("s3")


def handler(_event, _context):
    orders = table.scan()["Items"]
    invoices = s3.list_objects_v2(Bucket=os.environ["INVOICES"]).get("Contents", [])
    return {"orders": len(orders), "invoices": len(invoices)}
