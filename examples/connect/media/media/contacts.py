import csv
import io

import requests

from connect_shared.aws import client
from connect_shared.logs import logger
from connect_shared.secrets_store import get_secret
from connect_shared.settings import settings

from media.store import uploads

log = logger(__name__)


def rows(upload):
    body = client("s3").get_object(Bucket=upload.bucket, Key=upload.key)["Body"]
    yield from csv.DictReader(io.TextIOWrapper(body, encoding="utf-8-sig"))


def invite(row, key):
    url = f"{settings.require('MEMBERS_API_URL')}/invitations"
    return requests.post(
        url,
        json={"displayName": row["name"], "email": row["email"]},
        headers={"X-Invitation-Key": key},
        timeout=10,
    )


def handler(event, context):
    key = get_secret(f"connect/{settings.stage}/invitations")["key"]
    counts = {"invited": 0, "known": 0, "refused": 0}
    for upload in uploads(event):
        for row in rows(upload):
            answer = invite(row, key)
            if answer.status_code >= 500:
                answer.raise_for_status()
            counts[answer.json().get("state", "refused")] += 1
    log.info("imported", extra={"fields": counts})
    return counts
