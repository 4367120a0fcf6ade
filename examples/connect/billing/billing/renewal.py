from connect_shared.dates import in_days, now
from connect_shared.db import database
from connect_shared.ids import new_id

from billing.payments import Payments
from billing.store import payment_tasks, subscriptions


def collect_due(event, context):
    today = now().date().isoformat()
    return [
        {"memberId": each["memberId"], "plan": each["plan"], "customer": each.get("customer")}
        for each in subscriptions.due(today)
    ]


def price_plan(event, context):
    row = database.fetch_one(
        "SELECT plan_price(%s, %s) AS amount, currency FROM plans WHERE plan = %s",
        (event["plan"], event["memberId"], event["plan"]),
    )
    return {
        "amount": int(row["amount"]),
        "currency": row["currency"],
        "customer": event.get("customer"),
        "nextRenewal": in_days(30).date().isoformat(),
    }


def request_payment(event, context):
    price = event["price"]
    payment_id = new_id("pay")
    payment_tasks.add({"paymentId": payment_id, "memberId": event["memberId"], "taskToken": event["taskToken"]})
    Payments().charge(payment_id, price["customer"], price["amount"], price["currency"])
    return {"paymentId": payment_id}
