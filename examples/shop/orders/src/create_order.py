import uuid
from datetime import datetime, timezone

from repository import OrderRepository
from shop.log import timed
from shop.money import total
from shop.web import body_of, endpoint
from validation import check_order

orders = OrderRepository()


def customer_of(event):
    return event["requestContext"]["authorizer"]["claims"]["sub"]


@timed
@endpoint
def handler(event, context):
    body = body_of(event)
    lines = check_order(body)
    order = {
        "orderId": str(uuid.uuid4()),
        "customerId": customer_of(event),
        "email": body["email"],
        "lines": [{**line, "price": str(line["price"])} for line in lines],
        "total": total(lines),
        "status": "PLACED",
        "placedAt": datetime.now(timezone.utc).isoformat(),
    }
    if body.get("callbackUrl"):
        order["callbackUrl"] = body["callbackUrl"]
    orders.add(order)
    return order
