import json
from dataclasses import asdict, is_dataclass

from connect_shared.aws import client
from connect_shared.dates import iso
from connect_shared.errors import Unavailable
from connect_shared.ids import new_id
from connect_shared.logs import logger
from connect_shared.settings import settings

log = logger(__name__)


def _plain(detail):
    return asdict(detail) if is_dataclass(detail) else dict(detail)


def entry(detail_type, detail, source=None):
    body = _plain(detail)
    body.setdefault("eventId", new_id("evt"))
    body.setdefault("occurredAt", iso())
    return {
        "EventBusName": settings.event_bus_name,
        "Source": source or f"connect.{settings.service}",
        "DetailType": detail_type,
        "Detail": json.dumps(body, default=str),
    }


def publish(detail_type, detail, source=None):
    publish_all([entry(detail_type, detail, source)])


def publish_all(entries):
    for start in range(0, len(entries), 10):
        batch = entries[start : start + 10]
        answer = client("events").put_events(Entries=batch)
        if answer.get("FailedEntryCount"):
            log.error("events refused", extra={"fields": {"entries": answer["Entries"]}})
            raise Unavailable("events refused")


def detail_of(event):
    return event["detail-type"], event["detail"]
