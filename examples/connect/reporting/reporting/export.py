from connect_shared import queue
from connect_shared.aws import table
from connect_shared.dates import now
from connect_shared.db import database
from connect_shared.logs import logger
from connect_shared.repository import Repository, from_item
from connect_shared.settings import settings

from reporting.files import ReportFiles

HISTORY = {
    "attendances": "SELECT meetup_id, state, answered_at FROM attendances WHERE member_id = %s",
    "ratings": "SELECT meetup_id, stars, remark FROM ratings WHERE member_id = %s",
    "invoices": "SELECT invoice_number, amount, issued_at FROM invoices WHERE member_id = %s",
}

log = logger(__name__)


class Memberships(Repository):
    name = "memberships"
    key = ("groupId", "memberId")


def profile(member_id):
    members = table(settings.table("members"))
    item = members.get_item(Key={"memberId": member_id}).get("Item")
    return from_item(item) if item else None


def subscription(member_id):
    subscriptions = table(f"connect-{settings.stage}-subscriptions")
    return from_item(subscriptions.get_item(Key={"memberId": member_id}).get("Item", {}))


def collect(member_id):
    content = {
        "profile": profile(member_id),
        "subscription": subscription(member_id),
        "groups": Memberships().query("memberId", member_id, index="by-member"),
    }
    for name, sql in HISTORY.items():
        content[name] = database.fetch_all(sql, (member_id,))
    return content


def handler(event, context):
    member_id = event["memberId"]
    files = ReportFiles()
    key = files.write_json(f"exports/{member_id}/{now():%Y%m%d%H%M%S}.json", collect(member_id))
    queue.send(
        settings.mail_queue_url,
        {
            "template": "export-ready",
            "memberId": member_id,
            "to": event.get("email"),
            "values": {"url": files.link(key)},
        },
    )
    log.info("exported", extra={"fields": {"memberId": member_id, "key": key}})
    return {"key": key}
