import json

from connect_shared.aws import client
from connect_shared.settings import settings

SECRETS = {"email", "excerpt", "url"}


def redact(detail):
    return {key: "…" if key in SECRETS else value for key, value in detail.items()}


def handler(event, context):
    line = {
        "id": event["id"],
        "at": event["time"],
        "source": event["source"],
        "type": event["detail-type"],
        "detail": redact(event["detail"]),
    }
    client("firehose").put_record(
        DeliveryStreamName=settings.require("AUDIT_STREAM"),
        Record={"Data": json.dumps(line).encode() + b"\n"},
    )
