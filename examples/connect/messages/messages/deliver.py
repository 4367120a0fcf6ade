from connect_shared import events, queue
from connect_shared.logs import logger
from connect_shared.sockets import Sockets

log = logger(__name__)


def deliver(body):
    sockets = Sockets()
    message = body["message"]
    absent = [
        member_id
        for member_id in body["recipients"]
        if not sockets.tell(member_id, {"type": "message", "message": message})
    ]
    if absent:
        events.publish(
            "MessageUndelivered",
            {
                "conversationId": message["conversationId"],
                "messageId": message["messageId"],
                "senderId": message["memberId"],
                "memberIds": absent,
            },
        )
    log.info("delivered", extra={"fields": {"absent": len(absent)}})


def handler(event, context):
    return queue.consume(event, deliver)
