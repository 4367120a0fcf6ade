import functools
import json

from connect_shared import queue
from connect_shared.errors import ConnectError
from connect_shared.settings import settings
from connect_shared.sockets import Sockets
from connect_shared.validation import text

from messages.store import conversations, messages


def route(function):
    @functools.wraps(function)
    def handler(event, context):
        body = json.loads(event.get("body") or "{}")
        member_id = event["requestContext"]["authorizer"]["memberId"]
        try:
            answer = function(member_id, body)
        except ConnectError as error:
            return {"statusCode": error.status, "body": json.dumps(error.to_dict())}
        return {"statusCode": 200, "body": json.dumps(answer or {}, default=str)}

    return handler


@route
def send_message(member_id, body):
    conversation = conversations.require_participant(body["conversationId"], member_id)
    message = messages.write(conversation["conversationId"], member_id, text(body.get("text"), "text", 4000))
    recipients = [each for each in conversation["memberIds"] if each != member_id]
    queue.send(settings.require("DELIVERIES_URL"), {"message": message, "recipients": recipients})
    return {"messageId": message["messageId"]}


@route
def mark_read(member_id, body):
    conversations.require_participant(body["conversationId"], member_id)
    unread = messages.since(body["conversationId"], body["after"])
    for each in unread:
        messages.change((each["conversationId"], each["messageId"]), state="read")
    return {"read": len(unread)}


@route
def typing(member_id, body):
    conversation = conversations.require_participant(body["conversationId"], member_id)
    sockets = Sockets()
    for each in conversation["memberIds"]:
        if each != member_id:
            sockets.tell(each, {"type": "typing", "memberId": member_id})
