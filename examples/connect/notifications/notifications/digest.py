from connect_shared import graphql, queue
from connect_shared.logs import logger
from connect_shared.parameters import parameters
from connect_shared.settings import settings

from notifications.store import preferences

FEED = """
query WeeklyFeed($memberId: ID!) {
  feed(memberId: $memberId, limit: 20) {
    items { kind title createdAt }
  }
}
"""

log = logger(__name__)


def summary(items):
    return "\n".join(f"- {item['title']}" for item in items)


def handler(event, context):
    url = parameters.get("graphql/url")
    sent = 0
    for wishes in preferences.with_digest("weekly"):
        answer = graphql.execute(url, FEED, memberId=wishes["memberId"])
        items = answer["feed"]["items"]
        if not items:
            continue
        queue.send(
            settings.mail_queue_url,
            {
                "template": "digest",
                "memberId": wishes["memberId"],
                "to": wishes.get("address"),
                "values": {"summary": summary(items)},
            },
        )
        sent += 1
    log.info("digests", extra={"fields": {"sent": sent}})
    return {"sent": sent}
