from connect_shared.web import endpoint, respond

from meetups.store import store

LINE = 74


def escape(value):
    text = str(value or "")
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def fold(line):
    parts = [line[start : start + LINE] for start in range(0, len(line), LINE)]
    return "\r\n ".join(parts)


def stamp(moment):
    return moment.strftime("%Y%m%dT%H%M%SZ")


def render(meetup):
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//connect//meetups//EN",
        "BEGIN:VEVENT",
        f"UID:{meetup['meetup_id']}@connect.example.com",
        f"DTSTART:{stamp(meetup['starts_at'])}",
        f"DTEND:{stamp(meetup['ends_at'])}",
        f"SUMMARY:{escape(meetup['title'])}",
        f"DESCRIPTION:{escape(meetup['about'])}",
        f"LOCATION:{escape(meetup['venue'])}",
        f"STATUS:{'CANCELLED' if meetup['status'] == 'cancelled' else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(fold(line) for line in lines) + "\r\n"


@endpoint
def feed(request):
    meetup = store.get(request.path["meetupId"])
    answer = respond(200, headers={"Content-Type": "text/calendar; charset=utf-8"})
    return {**answer, "body": render(meetup)}
