from connect_shared import events
from connect_shared.logs import logger
from connect_shared.outbound import ApiClient
from connect_shared.settings import settings
from connect_shared.streams import changes

from messages.store import messages

THRESHOLD = 0.8

log = logger(__name__)


class Moderation:
    def __init__(self):
        self.api = ApiClient(settings.require("MODERATION_URL"))

    def score(self, text):
        answer = self.api.post("/scores", {"text": text, "labels": ["abuse", "spam"]})
        return max(answer["scores"].items(), key=lambda pair: pair[1])


def handler(event, context):
    moderation = Moderation()
    for change in changes(event):
        label, score = moderation.score(change.new["text"])
        if score < THRESHOLD:
            continue
        key = (change.new["conversationId"], change.new["messageId"])
        messages.change(key, state="flagged", label=label)
        events.publish(
            "MessageFlagged",
            {"messageId": key[1], "memberId": change.new["memberId"], "label": label, "score": score},
        )
        log.warning("flagged", extra={"fields": {"messageId": key[1], "label": label}})
