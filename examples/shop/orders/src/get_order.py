from repository import OrderRepository
from shop.errors import NotFound
from shop.log import timed
from shop.web import endpoint

orders = OrderRepository()


@timed
@endpoint
def handler(event, context):
    order = orders.get(event["pathParameters"]["orderId"])
    claims = event["requestContext"]["authorizer"]["claims"]
    if order["customerId"] != claims["sub"] and "staff" not in claims.get("cognito:groups", ""):
        raise NotFound("there is no such order")
    return order
