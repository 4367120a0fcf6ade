from connect_shared import queue
from connect_shared.logs import logger
from connect_shared.outbound import ApiClient
from connect_shared.secrets_store import get_secret
from connect_shared.settings import settings

from notifications.store import preferences
from notifications.templates import render

log = logger(__name__)


class Mailer:
    def __init__(self):
        key = get_secret(settings.require("MAIL_SECRET"))["apiKey"]
        self.api = ApiClient(settings.require("MAIL_API_URL"), token=key)
        self.sender = settings.require("SENDER")

    def send(self, to, subject, body):
        return self.api.post("/messages", {"from": self.sender, "to": [to], "subject": subject, "text": body})


def address_of(message):
    if message.get("to"):
        return message["to"]
    return preferences.of(message["memberId"]).get("address")


def deliver(message):
    to = address_of(message)
    if not to:
        log.info("no address", extra={"fields": {"memberId": message.get("memberId")}})
        return
    values = {"site": settings.require("SITE"), **message.get("values", {})}
    subject, body = render(message["template"], values)
    Mailer().send(to, subject, body)


def handler(event, context):
    return queue.consume(event, deliver)
