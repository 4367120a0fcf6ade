from connect_shared import events
from connect_shared.appsync import caller
from connect_shared.dates import iso
from connect_shared.errors import Conflict, NotFound
from connect_shared.validation import one_of

from billing.payments import Payments
from billing.store import subscriptions

PLANS = {"supporter", "patron", "organizer"}


def subscription(member_id, arguments):
    return subscriptions.find(member_id) or {"memberId": member_id, "state": "none", "plan": "free"}


def start_checkout(member_id, arguments):
    plan = one_of(arguments["plan"], "plan", PLANS)
    current = subscriptions.find(member_id)
    if current and current["state"] == "active" and current["plan"] == plan:
        raise Conflict("subscribed already")
    checkout = Payments().checkout(member_id, plan, arguments["returnUrl"])
    subscriptions.save({"memberId": member_id, "plan": plan, "state": "pending", "checkoutId": checkout["id"]})
    return {"url": checkout["url"], "expiresAt": checkout["expiresAt"]}


def cancel_subscription(member_id, arguments):
    cancelled = subscriptions.change((member_id,), state="cancelled", cancelledAt=iso())
    events.publish("SubscriptionCancelled", {"memberId": member_id, "reason": arguments.get("reason")})
    return cancelled


FIELDS = {
    "subscription": subscription,
    "startCheckout": start_checkout,
    "cancelSubscription": cancel_subscription,
}


def handler(event, context):
    field = event["info"]["fieldName"]
    if field not in FIELDS:
        raise NotFound(field)
    return FIELDS[field](caller(event), event["arguments"])
