from connect_shared import tickets
from connect_shared.appsync import Resolver, caller, groups_of
from connect_shared.settings import settings
from connect_shared.validation import one_of

from viewer.store import members, preferences

DEFAULTS = {"mail": True, "mobile": True, "browser": True, "digest": "weekly"}
RHYTHMS = {"weekly", "never"}

handler = Resolver()


@handler.field("viewer")
def viewer(event):
    member_id = caller(event)
    member = members.find(member_id) or {}
    return {
        "memberId": member_id,
        "displayName": member.get("displayName"),
        "moderator": "moderators" in groups_of(event),
    }


@handler.field("updatePreferences")
def update_preferences(event, input):
    if "digest" in input:
        one_of(input["digest"], "digest", RHYTHMS)
    member_id = caller(event)
    current = preferences.find(member_id) or DEFAULTS
    return preferences.save({**current, **input, "memberId": member_id})


@handler.field("openSocketTicket")
def open_socket_ticket(event):
    return tickets.issue(caller(event), f"connect/{settings.stage}/socket-tickets")
