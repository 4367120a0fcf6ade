from itertools import islice

from repository import OrderRepository
from shop.log import timed
from shop.web import endpoint

DEFAULT_LIMIT = 20

orders = OrderRepository()


@timed
@endpoint
def handler(event, context):
    query = event.get("queryStringParameters") or {}
    customer = event["requestContext"]["authorizer"]["claims"]["sub"]
    limit = min(int(query.get("limit", DEFAULT_LIMIT)), 100)
    return {"orders": list(islice(orders.of_customer(customer, query.get("since")), limit))}
