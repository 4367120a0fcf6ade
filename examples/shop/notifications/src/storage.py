import os

import boto3

s3 = boto3.client("s3")
LINK_SECONDS = 7 * 24 * 3600


def receipt_key(order_id):
    return f"receipts/{order_id}.txt"


def save(order_id, text):
    s3.put_object(Bucket=os.environ["RECEIPTS_BUCKET"], Key=receipt_key(order_id), Body=text.encode())


def exists(order_id):
    try:
        s3.head_object(Bucket=os.environ["RECEIPTS_BUCKET"], Key=receipt_key(order_id))
    except s3.exceptions.ClientError:
        return False
    return True


def link(order_id):
    params = {"Bucket": os.environ["RECEIPTS_BUCKET"], "Key": receipt_key(order_id)}
    return s3.generate_presigned_url("get_object", Params=params, ExpiresIn=LINK_SECONDS)


def count():
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=os.environ["RECEIPTS_BUCKET"], Prefix="receipts/")
    return sum(page["KeyCount"] for page in pages)
