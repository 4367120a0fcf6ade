from connect_shared import events
from connect_shared.logs import logger
from connect_shared.validation import one_of
from connect_shared.web import endpoint

from meetups.store import store

log = logger(__name__)

EVENTS = {"going": "AttendanceConfirmed", "waiting": "AttendanceWaitlisted", "declined": "AttendanceDeclined"}


@endpoint
def answer(request):
    meetup_id = request.path["meetupId"]
    wanted = one_of(request.json.get("answer"), "answer", {"going", "declined"})
    state = store.answer(meetup_id, request.member_id, wanted)
    events.publish(EVENTS[state], {"meetupId": meetup_id, "memberId": request.member_id})
    return {"meetupId": meetup_id, "state": state}


def release(event, context):
    member_id = event["detail"]["memberId"]
    moved = store.release_member(member_id)
    events.publish_all(
        [
            events.entry("AttendanceConfirmed", {"meetupId": row["meetup_id"], "memberId": row["member_id"]})
            for row in moved
        ]
    )
    log.info("released", extra={"fields": {"memberId": member_id, "moved": len(moved)}})
