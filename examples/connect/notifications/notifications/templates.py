from string import Template

from connect_shared.errors import NotFound

SUBJECTS = {
    "invitation": "You are invited",
    "welcome": "Welcome",
    "join-request": "Somebody wants to join your group",
    "meetup-reminder": "See you soon: $title",
    "meetup-cancelled": "$title",
    "message-waiting": "A message waits for you",
    "subscription-started": "Your subscription",
    "subscription-suspended": "We could not charge you",
    "invoice": "Invoice $number",
    "digest": "Your week",
    "export-ready": "Your data",
}

BODIES = {
    "invitation": "Somebody invited you. Follow $site$link to join.",
    "welcome": "It is good to have you. Begin at $site$link.",
    "join-request": "Have a look: $site$link",
    "meetup-reminder": "$title begins at $startsAt. Place: $venue",
    "meetup-cancelled": "The organizer says: $reason",
    "message-waiting": "Read it at $site$link",
    "subscription-started": "Your subscription runs. Details: $site$link",
    "subscription-suspended": "Please look at your payment details: $site$link",
    "invoice": "Find your invoice over $amount at $url",
    "digest": "$summary",
    "export-ready": "Download it within a day: $url",
}


class Defaults(dict):
    def __missing__(self, key):
        return ""


def render(template, values):
    if template not in SUBJECTS:
        raise NotFound(f"template {template}")
    filled = Defaults({key: str(value) for key, value in values.items()})
    return Template(SUBJECTS[template]).substitute(filled), Template(BODIES[template]).substitute(filled)
