from collections import Counter

from connect_shared import events, queue
from connect_shared.appsync import Resolver, caller, groups_of
from connect_shared.dates import iso
from connect_shared.db import database
from connect_shared.errors import Conflict, Forbidden
from connect_shared.ids import new_id
from connect_shared.parameters import flag
from connect_shared.settings import settings
from connect_shared.validation import one_of, text

from groups.repository import groups, memberships

POLICIES = {"open", "request", "invitation"}

handler = Resolver()


def require_owner(group_id, member_id):
    membership = memberships.find(group_id, member_id)
    if membership is None or membership["role"] != "owner":
        raise Forbidden("owners only")
    return membership


@handler.field("createGroup")
def create_group(event, input):
    owner = caller(event)
    group = {
        "groupId": new_id("grp"),
        "name": text(input["name"], "name", 80),
        "topic": text(input["topic"], "topic", 40).lower(),
        "about": input.get("about", ""),
        "policy": one_of(input.get("policy", "open"), "policy", POLICIES),
        "memberLimit": min(int(input.get("memberLimit", 500)), 5000),
        "memberCount": 0,
        "status": "active",
        "ownerId": owner,
    }
    groups.add(group)
    memberships.join(groups, group["groupId"], owner, role="owner")
    events.publish("GroupCreated", {"groupId": group["groupId"], "name": group["name"], "ownerId": owner})
    return group


@handler.field("archiveGroup")
def archive_group(event, groupId):
    member_id = caller(event)
    if "moderators" not in groups_of(event):
        require_owner(groupId, member_id)
    group = groups.change((groupId,), status="archived", archivedAt=iso())
    events.publish("GroupArchived", {"groupId": groupId, "archivedBy": member_id})
    return group


@handler.field("requestJoin")
def request_join(event, groupId, note=None):
    member_id = caller(event)
    group = groups.get(groupId)
    if group["status"] != "active":
        raise Conflict("archived")
    queue.send(
        settings.require("JOIN_REQUESTS_URL"),
        {"groupId": groupId, "memberId": member_id, "policy": group["policy"], "note": note},
    )
    return {"groupId": groupId, "state": "requested"}


@handler.field("groupStatistics")
def group_statistics(event, groupId, weeks=12):
    roles = Counter(each["role"] for each in memberships.of_group(groupId))
    rows = database.fetch_all(
        """
        SELECT week, joined, departed, attendances
        FROM group_weeks
        WHERE group_id = %s AND week >= week_label(DATE_SUB(CURRENT_DATE, INTERVAL %s WEEK))
        ORDER BY week
        """,
        (groupId, weeks),
    )
    return {"groupId": groupId, "roles": [{"role": role, "count": n} for role, n in roles.items()], "weeks": rows}


@handler.field("suggestedGroups")
def suggested_groups(event, limit=10):
    if not flag("suggestions"):
        return []
    joined = {each["groupId"] for each in memberships.of_member(caller(event))}
    topics = {groups.get(group_id)["topic"] for group_id in joined}
    candidates = [group for topic in topics for group in groups.by_topic(topic)]
    fresh = [group for group in candidates if group["groupId"] not in joined and group["status"] == "active"]
    return sorted(fresh, key=lambda group: -group.get("memberCount", 0))[:limit]


@handler.field("postAnnouncement")
def announce(event, groupId, title, text):
    announcement = event["prev"]["result"]
    recipients = [each["memberId"] for each in memberships.of_group(groupId)]
    events.publish(
        "AnnouncementPosted",
        {
            "groupId": groupId,
            "announcementId": announcement["id"],
            "title": title,
            "excerpt": text[:200],
            "memberIds": recipients,
        },
    )
    return announcement
