from connect_shared.logs import logger

from billing.payments import Payments
from billing.store import subscriptions

log = logger(__name__)


def handler(event, context):
    member_id = event["detail"]["memberId"]
    subscription = subscriptions.find(member_id)
    if subscription is None:
        return
    if subscription.get("customer"):
        Payments().forget(subscription["customer"])
    subscriptions.remove(member_id)
    log.info("ended", extra={"fields": {"memberId": member_id, "plan": subscription["plan"]}})
