import json
from datetime import datetime, timezone

import boto3

from shop.config import require

ORDER_PLACED = "OrderPlaced"
ORDER_CANCELLED = "OrderCancelled"
ORDER_SHIPPED = "OrderShipped"
ORDER_FAILED = "OrderFailed"


class EventBus:
    """Publishes the events of one service."""

    def __init__(self, source, name=None):
        self.source = source
        self.name = name or require("EVENT_BUS_NAME")
        self._client = boto3.client("events")

    def publish(self, detail_type, detail):
        entry = {
            "EventBusName": self.name,
            "Source": self.source,
            "DetailType": detail_type,
            "Detail": json.dumps(detail, default=str),
            "Time": datetime.now(timezone.utc),
        }
        answer = self._client.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise RuntimeError(f"{detail_type} was not accepted: {answer['Entries']}")
