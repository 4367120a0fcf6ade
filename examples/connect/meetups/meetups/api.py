from connect_shared import dates, events, geo
from connect_shared.errors import Forbidden, Invalid
from connect_shared.ids import new_id
from connect_shared.validation import required, text
from connect_shared.web import endpoint, respond

from meetups.store import store


def view(meetup):
    shown = {key: value for key, value in meetup.items() if value is not None}
    for name in ("starts_at", "ends_at"):
        if hasattr(shown.get(name), "isoformat"):
            shown[name] = shown[name].isoformat() + "Z"
    return shown


def near(query):
    if "lat" not in query:
        return None
    try:
        return float(query["lat"]), float(query["lon"]), float(query.get("km", 25))
    except (KeyError, ValueError) as error:
        raise Invalid("position") from error


@endpoint
def create(request):
    body = required(request.json, "groupId", "title", "startsAt", "endsAt")
    starts, ends = dates.parse(body["startsAt"]), dates.parse(body["endsAt"])
    if not dates.now() < starts < ends:
        raise Invalid("startsAt")
    position = geo.locate(body.get("venue")) or {}
    meetup = store.add(
        {
            "meetup_id": new_id("mtp"),
            "group_id": body["groupId"],
            "organizer_id": request.member_id,
            "title": text(body["title"], "title", 120),
            "about": body.get("about", ""),
            "starts_at": dates.sql(starts),
            "ends_at": dates.sql(ends),
            "venue": body.get("venue"),
            "latitude": position.get("latitude"),
            "longitude": position.get("longitude"),
            "places": int(body.get("places", 50)),
            "status": "planned",
        }
    )
    events.publish(
        "MeetupPlanned",
        {
            "meetupId": meetup["meetup_id"],
            "groupId": meetup["group_id"],
            "organizerId": meetup["organizer_id"],
            "title": meetup["title"],
            "startsAt": body["startsAt"],
        },
    )
    return respond(201, view(meetup))


@endpoint
def list_meetups(request):
    found = store.upcoming(request.query.get("groupId"), near(request.query), request.limit())
    return {"meetups": [view(meetup) for meetup in found]}


@endpoint
def get(request):
    return view(store.get(request.path["meetupId"]))


@endpoint
def cancel(request):
    meetup = store.get(request.path["meetupId"])
    if meetup["organizer_id"] != request.member_id:
        raise Forbidden("organizers only")
    reason = request.query.get("reason", "")
    store.cancel(meetup["meetup_id"], reason)
    going = [each["memberId"] for each in store.attendees(meetup["meetup_id"])]
    events.publish(
        "MeetupCancelled",
        {"meetupId": meetup["meetup_id"], "title": meetup["title"], "reason": reason, "memberIds": going},
    )
    return respond(204)
