import json

import boto3

MAX_BATCH = 10

_sqs = boto3.client("sqs")


def send(queue_url, body, **attributes):
    _sqs.send_message(
        QueueUrl=queue_url,
        MessageBody=json.dumps(body, default=str),
        MessageAttributes={k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()},
    )


def send_all(queue_url, bodies):
    for start in range(0, len(bodies), MAX_BATCH):
        chunk = bodies[start : start + MAX_BATCH]
        entries = [{"Id": str(i), "MessageBody": json.dumps(b, default=str)} for i, b in enumerate(chunk)]
        answer = _sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        if answer.get("Failed"):
            raise RuntimeError(f"{len(answer['Failed'])} messages were refused")


def bodies(event):
    for record in event["Records"]:
        yield record, json.loads(record["body"])
