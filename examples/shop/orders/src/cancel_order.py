from repository import OrderRepository
from shop.events import ORDER_CANCELLED, EventBus
from shop.log import timed
from shop.web import endpoint

CANCELLABLE = ("PLACED", "ACCEPTED")

orders = OrderRepository()
bus = EventBus("shop.orders")


@timed
@endpoint
def handler(event, context):
    order_id = event["pathParameters"]["orderId"]
    orders.set_status(order_id, "CANCELLED", expected=CANCELLABLE)
    bus.publish(ORDER_CANCELLED, {"orderId": order_id})
    return {"orderId": order_id, "status": "CANCELLED"}
