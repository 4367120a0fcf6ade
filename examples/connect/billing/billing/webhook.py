import json

from connect_shared import events
from connect_shared.aws import client
from connect_shared.dates import in_days
from connect_shared.logs import logger
from connect_shared.web import endpoint, respond

from billing.payments import Payments
from billing.store import payment_tasks, subscriptions

log = logger(__name__)


def checkout_completed(data):
    member_id = data["reference"]
    subscriptions.change(
        (member_id,),
        state="active",
        customer=data["customer"],
        renewsOn=in_days(30).date().isoformat(),
    )
    events.publish("SubscriptionStarted", {"memberId": member_id, "plan": data["plan"]})


def payment_succeeded(data):
    task = payment_tasks.get(data["reference"])
    client("stepfunctions").send_task_success(
        taskToken=task["taskToken"],
        output=json.dumps({"paymentId": task["paymentId"], "amount": data["amount"]}),
    )
    payment_tasks.remove(task["paymentId"])


def payment_failed(data):
    task = payment_tasks.get(data["reference"])
    client("stepfunctions").send_task_failure(
        taskToken=task["taskToken"], error="PaymentFailed", cause=data.get("reason", "unknown")
    )
    payment_tasks.remove(task["paymentId"])


def dispute_created(data):
    events.publish("PaymentDisputed", {"paymentId": data["reference"], "amount": data["amount"]})


HANDLERS = {
    "checkout.completed": checkout_completed,
    "payment.succeeded": payment_succeeded,
    "payment.failed": payment_failed,
    "dispute.created": dispute_created,
}


@endpoint
def handler(request):
    Payments().verify(request.raw, request.headers.get("x-payments-signature"))
    body = request.json
    work = HANDLERS.get(body["type"])
    if work is None:
        log.info("ignored", extra={"fields": {"type": body["type"]}})
        return respond(202)
    work(body["data"])
    return respond(204)
