from boto3.dynamodb.conditions import Key

from connect_shared.dates import iso
from connect_shared.errors import Forbidden
from connect_shared.ids import new_id
from connect_shared.repository import Repository


class Conversations(Repository):
    name = "conversations"
    key = ("conversationId",)

    def require_participant(self, conversation_id, member_id):
        conversation = self.get(conversation_id)
        if member_id not in conversation["memberIds"]:
            raise Forbidden("not in conversation")
        return conversation


class Messages(Repository):
    name = "messages"
    key = ("conversationId", "messageId")

    def write(self, conversation_id, member_id, text):
        return self.save(
            {
                "conversationId": conversation_id,
                "messageId": new_id("msg"),
                "memberId": member_id,
                "text": text,
                "state": "sent",
                "sentAt": iso(),
            }
        )

    def latest(self, conversation_id, limit=50):
        return self.query("conversationId", conversation_id, limit=limit, newest_first=True)

    def since(self, conversation_id, message_id):
        answer = self.table.query(
            KeyConditionExpression=Key("conversationId").eq(conversation_id) & Key("messageId").gt(message_id)
        )
        return answer["Items"]


conversations = Conversations()
messages = Messages()
