from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from connect_shared.aws import client
from connect_shared.dates import iso
from connect_shared.errors import Conflict
from connect_shared.repository import Repository
from connect_shared.settings import settings


class Groups(Repository):
    name = "groups"
    key = ("groupId",)

    def by_topic(self, topic, limit=20):
        return self.query("topic", topic, index="by-topic", limit=limit)


class Memberships(Repository):
    name = "memberships"
    key = ("groupId", "memberId")

    def of_member(self, member_id):
        return self.query("memberId", member_id, index="by-member")

    def of_group(self, group_id, status="active"):
        return [each for each in self.query("groupId", group_id) if each["status"] == status]

    def invited_before(self, moment):
        return self.scan(FilterExpression=Attr("status").eq("invited") & Attr("createdAt").lt(moment))

    def join(self, groups, group_id, member_id, role="member"):
        joined = {
            "groupId": {"S": group_id},
            "memberId": {"S": member_id},
            "role": {"S": role},
            "status": {"S": "active"},
            "createdAt": {"S": iso()},
        }
        try:
            client("dynamodb").transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": self.table_name,
                            "Item": joined,
                            "ConditionExpression": "attribute_not_exists(memberId)",
                        }
                    },
                    {
                        "Update": {
                            "TableName": groups.table_name,
                            "Key": {"groupId": {"S": group_id}},
                            "UpdateExpression": "ADD memberCount :one",
                            "ConditionExpression": "memberCount < memberLimit",
                            "ExpressionAttributeValues": {":one": {"N": "1"}},
                        }
                    },
                ]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                raise Conflict("full or joined already") from error
            raise
        return {"groupId": group_id, "memberId": member_id, "role": role}


groups = Groups(settings.optional("GROUPS_TABLE"))
memberships = Memberships(settings.optional("MEMBERSHIPS_TABLE"))
