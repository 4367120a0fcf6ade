import json
import os

import boto3

from shop import queues
from shop.log import info, timed

states = boto3.client("stepfunctions")


def start(job):
    try:
        states.start_execution(
            stateMachineArn=os.environ["FULFILMENT_ARN"],
            name=job["orderId"],
            input=json.dumps(job),
        )
    except states.exceptions.ExecutionAlreadyExists:
        info("already started", orderId=job["orderId"])


def acknowledge(record, job):
    """Partners that put jobs on the queue themselves say where they want to hear that it was taken."""
    reply_to = record.get("messageAttributes", {}).get("replyTo")
    if reply_to:
        queues.send(reply_to["stringValue"], {"orderId": job["orderId"], "accepted": True})


@timed
def handler(event, context):
    failures = []
    for record, job in queues.bodies(event):
        try:
            start(job)
            acknowledge(record, job)
        except Exception as error:
            info("not started", orderId=job.get("orderId"), error=str(error))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
