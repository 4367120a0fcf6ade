from connect_shared import queue
from connect_shared.dates import now, week_of
from connect_shared.db import database
from connect_shared.settings import settings
from connect_shared.streams import changes

from groups.repository import groups

COUNT = """
    INSERT INTO group_weeks (group_id, week, joined, departed)
    VALUES (%s, %s, %s, %s)
    ON DUPLICATE KEY UPDATE joined = joined + VALUES(joined), departed = departed + VALUES(departed)
"""


def reindex(group_ids):
    found = [group for group in (groups.find(group_id) for group_id in group_ids) if group]
    queue.send_batch(
        settings.index_queue_url,
        [
            {
                "action": "put",
                "document": {
                    "type": "group",
                    "id": group["groupId"],
                    "title": group["name"],
                    "text": group.get("about", ""),
                    "tags": [group["topic"]],
                    "weight": group.get("memberCount", 0),
                    "visible": group["status"] == "active",
                },
            }
            for group in found
        ],
    )


def handler(event, context):
    touched = set()
    week = week_of(now())
    for change in changes(event):
        membership = change.new or change.old
        touched.add(membership["groupId"])
        joined, departed = (1, 0) if change.inserted else (0, 1)
        database.execute(COUNT, (membership["groupId"], week, joined, departed))
    reindex(sorted(touched))
