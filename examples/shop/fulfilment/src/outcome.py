from shop.events import ORDER_FAILED, ORDER_SHIPPED, EventBus
from shop.log import timed

SOURCE = "shop.fulfilment"


@timed
def report(job, context):
    bus = EventBus(SOURCE)
    detail = {"orderId": job["orderId"], "email": job["email"], "total": job["total"]}
    if "error" in job:
        bus.publish(ORDER_FAILED, {**detail, "reason": job["error"].get("Error", "unknown")})
    else:
        bus.publish(ORDER_SHIPPED, {**detail, "lines": job["lines"], "service": job["shipment"]["service"]})
    return job
