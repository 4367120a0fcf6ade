import csv
import io
import os
from urllib.parse import unquote_plus

import boto3

from shop.log import info, timed

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["STOCK_TABLE"])


def rows(bucket, key):
    text = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8")
    yield from csv.DictReader(io.StringIO(text))


@timed
def handler(event, context):
    count = 0
    with table.batch_writer(overwrite_by_pkeys=["sku"]) as batch:
        for record in event["Records"]:
            bucket = record["s3"]["bucket"]["name"]
            key = unquote_plus(record["s3"]["object"]["key"])
            for row in rows(bucket, key):
                batch.put_item(Item={"sku": row["sku"], "available": int(row["counted"])})
                count += 1
    info("counted", skus=count)
