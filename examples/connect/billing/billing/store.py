from boto3.dynamodb.conditions import Key

from connect_shared.repository import Repository, from_item
from connect_shared.settings import settings


class Subscriptions(Repository):
    name = "subscriptions"
    key = ("memberId",)

    def due(self, day):
        answer = self.table.query(
            IndexName="by-renewal",
            KeyConditionExpression=Key("state").eq("active") & Key("renewsOn").lte(day),
        )
        return [from_item(item) for item in answer["Items"]]


class PaymentTasks(Repository):
    name = "payment-tasks"
    key = ("paymentId",)


subscriptions = Subscriptions(settings.require("SUBSCRIPTIONS_TABLE"))
payment_tasks = PaymentTasks(settings.require("PAYMENT_TASKS_TABLE"))
