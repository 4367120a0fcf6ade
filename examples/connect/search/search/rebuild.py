from connect_shared import queue
from connect_shared.db import database
from connect_shared.logs import logger
from connect_shared.settings import settings

PAGE = 200

SOURCES = {
    "member": "SELECT member_id AS id, display_name AS title, '' AS text FROM members WHERE status = 'active'",
    "meetup": "SELECT meetup_id AS id, title, about AS text FROM meetups WHERE status = 'planned'",
}

log = logger(__name__)


def pages(sql):
    offset = 0
    while rows := database.fetch_all(f"{sql} ORDER BY id LIMIT {PAGE} OFFSET {offset}"):
        yield rows
        offset += PAGE


def handler(event, context):
    count = 0
    for kind in event.get("kinds", SOURCES):
        for rows in pages(SOURCES[kind]):
            queue.send_batch(
                settings.index_queue_url,
                [{"action": "put", "document": {"type": kind, "visible": True, **row}} for row in rows],
            )
            count += len(rows)
    log.info("rebuilding", extra={"fields": {"documents": count}})
    return {"documents": count}
