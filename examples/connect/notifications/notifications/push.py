import json

import requests

from connect_shared.logs import logger
from connect_shared.settings import settings
from connect_shared.sockets import Connections, Sockets

from notifications.store import devices

log = logger(__name__)


def messages(event):
    return [json.loads(record["Sns"]["Message"]) for record in event["Records"]]


def mobile(event, context):
    url = settings.require("PUSH_API_URL")
    for message in messages(event):
        for device in devices.of_member(message["memberId"]):
            body = {"token": device["deviceToken"], "title": message["title"], "link": message["link"]}
            answer = requests.post(f"{url}/send", json=body, timeout=5)
            if answer.status_code == 410:
                devices.remove(device["memberId"], device["deviceToken"])
            else:
                answer.raise_for_status()


def browser(event, context):
    sockets = Sockets(connections=Connections(settings.require("CONNECTIONS_TABLE")))
    for message in messages(event):
        reached = sockets.tell(message["memberId"], {"type": "notification", **message})
        log.info("browser", extra={"fields": {"memberId": message["memberId"], "reached": reached}})
