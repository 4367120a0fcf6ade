import json

import boto3

TOPIC = "arn:aws:sns:eu-central-1:000000000000:connect-legacy-push"


class LegacyPush:
    def __init__(self):
        self.sns = boto3.client("sns")
        self.table = boto3.resource("dynamodb").Table("connect-legacy-devices")

    def push(self, member_id, title, text):
        device = self.table.get_item(Key={"memberId": member_id}).get("Item")
        if device is None:
            return None
        message = {"default": text, "GCM": json.dumps({"notification": {"title": title, "body": text}})}
        return self.sns.publish(TopicArn=TOPIC, Message=json.dumps(message), MessageStructure="json")
