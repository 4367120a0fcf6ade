import json

from connect_shared.aws import client
from connect_shared.logs import logger

log = logger(__name__)


def send(queue_url, body, group=None, delay=0, **attributes):
    arguments = {"QueueUrl": queue_url, "MessageBody": json.dumps(body, default=str)}
    if group:
        arguments["MessageGroupId"] = group
    if delay:
        arguments["DelaySeconds"] = delay
    if attributes:
        arguments["MessageAttributes"] = {
            key: {"DataType": "String", "StringValue": str(value)} for key, value in attributes.items()
        }
    return client("sqs").send_message(**arguments)["MessageId"]


def send_batch(queue_url, bodies):
    for start in range(0, len(bodies), 10):
        entries = [
            {"Id": str(position), "MessageBody": json.dumps(body, default=str)}
            for position, body in enumerate(bodies[start : start + 10])
        ]
        client("sqs").send_message_batch(QueueUrl=queue_url, Entries=entries)


def consume(event, work):
    failures = []
    for record in event["Records"]:
        try:
            work(json.loads(record["body"]))
        except Exception:
            log.exception("message failed", extra={"fields": {"messageId": record["messageId"]}})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
