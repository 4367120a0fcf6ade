import os
from datetime import date, timedelta
from decimal import Decimal

import requests

import storage
from mail import Mailer, fill
from shop.log import timed
from texts import DIGEST


class OrdersClient:
    def __init__(self):
        self.url = os.environ["ORDERS_API_URL"]

    def placed_since(self, day):
        answer = requests.get(f"{self.url}/orders", params={"since": day.isoformat(), "limit": 100}, timeout=10)
        answer.raise_for_status()
        return answer.json()["orders"]


@timed
def handler(event, context):
    orders = OrdersClient().placed_since(date.today() - timedelta(days=1))
    total = sum(Decimal(str(order["total"])) for order in orders)
    text = fill(DIGEST, count=len(orders), total=total, receipts=storage.count())
    Mailer(os.environ["SENDER"]).send(os.environ["STAFF"], "Yesterday's orders", text)
