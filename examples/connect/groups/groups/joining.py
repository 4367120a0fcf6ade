from connect_shared import events, queue
from connect_shared.errors import Conflict
from connect_shared.logs import logger

from groups.repository import groups, memberships

WELCOME_TOPIC = "welcome"

log = logger(__name__)


def join_directly(request):
    memberships.join(groups, request["groupId"], request["memberId"])
    events.publish("GroupJoined", {"groupId": request["groupId"], "memberId": request["memberId"]})


def ask_owner(request):
    group = groups.get(request["groupId"])
    memberships.save(
        {
            "groupId": request["groupId"],
            "memberId": request["memberId"],
            "role": "member",
            "status": "requested",
            "note": request.get("note"),
        }
    )
    events.publish(
        "JoinRequested",
        {"groupId": group["groupId"], "ownerId": group["ownerId"], "memberId": request["memberId"]},
    )


def refuse(request):
    events.publish("JoinRefused", {"groupId": request["groupId"], "memberId": request["memberId"]})


POLICIES = {"open": join_directly, "request": ask_owner, "invitation": refuse}


def handle(request):
    try:
        POLICIES.get(request["policy"], refuse)(request)
    except Conflict:
        log.info("not joined", extra={"fields": request})


def process(event, context):
    return queue.consume(event, handle)


def welcome(event, context):
    member_id = event["detail"]["memberId"]
    for group in groups.by_topic(WELCOME_TOPIC):
        try:
            memberships.join(groups, group["groupId"], member_id)
        except Conflict:
            log.info("welcomed already", extra={"fields": {"memberId": member_id}})


def forget(event, context):
    member_id = event["detail"]["memberId"]
    left = memberships.of_member(member_id)
    memberships.remove_all((each["groupId"], member_id) for each in left)
    for each in left:
        groups.increment((each["groupId"],), "memberCount", -1)
