from repository import OrderRepository
from shop.errors import Conflict
from shop.events import ORDER_FAILED, ORDER_SHIPPED
from shop.log import info, timed

STATUS = {ORDER_SHIPPED: "SHIPPED", ORDER_FAILED: "FAILED"}

orders = OrderRepository()


@timed
def handler(event, context):
    status = STATUS[event["detail-type"]]
    order_id = event["detail"]["orderId"]
    try:
        orders.set_status(order_id, status, expected=("PLACED", "ACCEPTED"))
    except Conflict:
        info("outcome came too late", orderId=order_id, status=status)
