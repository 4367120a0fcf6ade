from connect_shared import queue
from connect_shared.db import database
from connect_shared.logs import logger
from connect_shared.settings import settings
from connect_shared.streams import changes

log = logger(__name__)

INDEXED = ("displayName", "about", "city", "interests", "visibility", "status")


def document(member):
    return {
        "type": "member",
        "id": member["memberId"],
        "title": member["displayName"],
        "text": member.get("about", ""),
        "tags": member.get("interests", []),
        "place": member.get("city"),
        "visible": member.get("visibility") != "private" and member.get("status") == "active",
    }


def upsert(change):
    member = change.new
    database.call("sync_member", member["memberId"], member["displayName"], member["email"], member.get("status"))
    if change.inserted or change.changed(*INDEXED):
        queue.send(settings.index_queue_url, {"action": "put", "document": document(member)})


def remove(change):
    member_id = change.old["memberId"]
    database.execute("UPDATE members SET status = 'deleted', email = NULL WHERE member_id = %s", (member_id,))
    queue.send(settings.index_queue_url, {"action": "delete", "document": {"type": "member", "id": member_id}})


ACTIONS = {"INSERT": upsert, "MODIFY": upsert, "REMOVE": remove}


def handler(event, context):
    for change in changes(event):
        ACTIONS[change.kind](change)
    log.info("synchronised", extra={"fields": {"count": len(event["Records"])}})
