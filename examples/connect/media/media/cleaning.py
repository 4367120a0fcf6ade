from connect_shared.aws import client
from connect_shared.dates import days_ago
from connect_shared.logs import logger
from connect_shared.settings import settings

log = logger(__name__)


def old_keys(s3, bucket, prefix, limit):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            if item["LastModified"] < limit:
                yield item["Key"]


def handler(event, context):
    s3 = client("s3")
    bucket = settings.require("UPLOADS_BUCKET")
    limit = days_ago(int(settings.require("RETENTION_DAYS")))
    removed = 0
    for prefix in event["prefixes"]:
        keys = list(old_keys(s3, bucket, prefix, limit))
        for start in range(0, len(keys), 1000):
            batch = [{"Key": key} for key in keys[start : start + 1000]]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        removed += len(keys)
    log.info("cleaned", extra={"fields": {"removed": removed}})
    return {"removed": removed}
