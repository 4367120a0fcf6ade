import json
from dataclasses import dataclass, field

from connect_shared import events, queue
from connect_shared.aws import client
from connect_shared.logs import logger
from connect_shared.settings import settings

from notifications.store import notifications, preferences

log = logger(__name__)


@dataclass
class Notice:
    recipients: list[str]
    title: str
    link: str
    template: str | None = None
    to: str | None = None
    values: dict = field(default_factory=dict)


def invited(detail):
    return Notice([], "You are invited", "/welcome", template="invitation", to=detail["email"])


def confirmed(detail):
    return Notice([detail["memberId"]], "Welcome", "/start", template="welcome", to=detail["email"])


def group_joined(detail):
    return Notice([detail["memberId"]], "You joined a group", f"/groups/{detail['groupId']}")


def join_requested(detail):
    link = f"/groups/{detail['groupId']}/requests"
    return Notice([detail["ownerId"]], "Somebody wants to join", link, template="join-request")


def join_refused(detail):
    return Notice([detail["memberId"]], "The group is closed", f"/groups/{detail['groupId']}")


def announcement(detail):
    link = f"/groups/{detail['groupId']}/announcements/{detail['announcementId']}"
    return Notice(detail["memberIds"], detail["title"], link, values={"excerpt": detail["excerpt"]})


def meetup_cancelled(detail):
    return Notice(
        detail["memberIds"],
        f"Cancelled: {detail['title']}",
        f"/meetups/{detail['meetupId']}",
        template="meetup-cancelled",
        values={"reason": detail["reason"]},
    )


def attendance(title):
    def build(detail):
        return Notice([detail["memberId"]], title, f"/meetups/{detail['meetupId']}")

    return build


def undelivered(detail):
    link = f"/conversations/{detail['conversationId']}"
    return Notice(detail["memberIds"], "New message", link, template="message-waiting")


def subscription(title, template):
    def build(detail):
        return Notice([detail["memberId"]], title, "/settings/billing", template=template)

    return build


NOTICES = {
    "MemberInvited": invited,
    "MemberConfirmed": confirmed,
    "GroupJoined": group_joined,
    "JoinRequested": join_requested,
    "JoinRefused": join_refused,
    "AnnouncementPosted": announcement,
    "MeetupCancelled": meetup_cancelled,
    "AttendanceConfirmed": attendance("You have a place"),
    "AttendanceWaitlisted": attendance("You are on the waiting list"),
    "MessageUndelivered": undelivered,
    "SubscriptionStarted": subscription("Thank you", "subscription-started"),
    "SubscriptionSuspended": subscription("Your payment failed", "subscription-suspended"),
}


def push(channel, member_id, notice):
    client("sns").publish(
        TopicArn=settings.require("PUSH_TOPIC"),
        Message=json.dumps({"memberId": member_id, "title": notice.title, "link": notice.link}),
        MessageAttributes={"channel": {"DataType": "String", "StringValue": channel}},
    )


def mail(member_id, notice):
    queue.send(
        settings.mail_queue_url,
        {
            "template": notice.template,
            "memberId": member_id,
            "to": notice.to,
            "values": {**notice.values, "title": notice.title, "link": notice.link},
        },
    )


def handler(event, context):
    kind, detail = events.detail_of(event)
    notice = NOTICES[kind](detail)
    if not notice.recipients and notice.template:
        mail(None, notice)
    for member_id in notice.recipients:
        wishes = preferences.of(member_id)
        if kind in wishes["muted"]:
            continue
        notifications.note(member_id, kind, notice.title, notice.link)
        for channel in ("mobile", "browser"):
            if wishes[channel]:
                push(channel, member_id, notice)
        if wishes["mail"] and notice.template:
            mail(member_id, notice)
    log.info("fanned out", extra={"fields": {"kind": kind, "recipients": len(notice.recipients)}})
