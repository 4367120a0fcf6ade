from boto3.dynamodb.types import TypeDeserializer

from shop import queues
from shop.config import lookup
from shop.events import ORDER_PLACED, EventBus
from shop.log import info, timed

bus = EventBus("shop.orders")
_deserializer = TypeDeserializer()


def new_image(record):
    image = record["dynamodb"].get("NewImage", {})
    return {name: _deserializer.deserialize(value) for name, value in image.items()}


def job_of(order):
    return {
        "orderId": order["orderId"],
        "email": order["email"],
        "lines": order["lines"],
        "total": str(order["total"]),
    }


@timed
def handler(event, context):
    placed = [new_image(r) for r in event["Records"] if r["eventName"] == "INSERT"]
    if not placed:
        return
    for order in placed:
        bus.publish(ORDER_PLACED, order)
    queues.send_all(lookup("fulfilment-queue-url"), [job_of(order) for order in placed])
    info("placed", count=len(placed))
