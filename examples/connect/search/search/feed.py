from boto3.dynamodb.conditions import Attr

from connect_shared import events
from connect_shared.dates import days_ago, iso
from connect_shared.ids import new_id
from connect_shared.logs import logger
from connect_shared.repository import Repository
from connect_shared.settings import settings

KEEP_DAYS = 60

log = logger(__name__)


class Feed(Repository):
    name = "feed"
    key = ("memberId", "itemId")

    def older_than(self, moment):
        return self.scan(
            FilterExpression=Attr("createdAt").lt(moment),
            ProjectionExpression="memberId, itemId",
        )


class Followers(Repository):
    name = "memberships"
    key = ("groupId", "memberId")

    def of(self, group_id):
        return [each["memberId"] for each in self.query("groupId", group_id) if each["status"] == "active"]


feed = Feed(settings.optional("FEED_TABLE"))
followers = Followers()


def group_created(detail):
    return [detail["ownerId"]], f"Your group {detail['name']} is open", f"/groups/{detail['groupId']}"


def announcement_posted(detail):
    return detail["memberIds"], detail["title"], f"/groups/{detail['groupId']}"


def meetup_planned(detail):
    return followers.of(detail["groupId"]), f"New meetup: {detail['title']}", f"/meetups/{detail['meetupId']}"


def media_ready(detail):
    return [detail["memberId"]], "Your upload is ready", f"/media/{detail['mediaId']}"


KINDS = {
    "GroupCreated": group_created,
    "AnnouncementPosted": announcement_posted,
    "MeetupPlanned": meetup_planned,
    "MediaReady": media_ready,
}


def build(event, context):
    kind, detail = events.detail_of(event)
    members, title, link = KINDS[kind](detail)
    for member_id in members:
        feed.save(
            {
                "memberId": member_id,
                "itemId": new_id("itm"),
                "kind": kind,
                "title": title,
                "link": link,
                "createdAt": iso(),
            }
        )
    log.info("fed", extra={"fields": {"kind": kind, "members": len(members)}})


def trim(event, context):
    old = [(item["memberId"], item["itemId"]) for item in feed.older_than(iso(days_ago(KEEP_DAYS)))]
    feed.remove_all(old)
    log.info("trimmed", extra={"fields": {"count": len(old)}})
