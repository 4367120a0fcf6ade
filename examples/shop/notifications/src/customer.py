import os

import boto3

import storage
from mail import default_mailer, fill
from shop.events import ORDER_FAILED
from shop.log import info, timed
from texts import TEXTS

mailer = default_mailer()
alerts = boto3.resource("sns").Topic(os.environ["ALERTS_TOPIC"])


def alert(detail):
    alerts.publish(Subject="An order failed", Message=f"{detail['orderId']}: {detail.get('reason')}")


@timed
def handler(event, context):
    kind, detail = event["detail-type"], event["detail"]
    if kind == ORDER_FAILED:
        alert(detail)
    if "email" not in detail:
        info("nobody to tell", orderId=detail["orderId"])
        return
    order_id = detail["orderId"]
    receipt = storage.link(order_id) if storage.exists(order_id) else "follows"
    subject, text = TEXTS[kind]
    mailer.send(detail["email"], subject, fill(text, orderId=order_id, receipt=receipt))
