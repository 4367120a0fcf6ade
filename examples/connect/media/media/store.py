from urllib.parse import unquote_plus

from connect_shared.repository import Repository
from connect_shared.settings import settings


class Media(Repository):
    name = "media"
    key = ("mediaId",)

    def of_member(self, member_id, limit):
        return self.query("memberId", member_id, index="by-member", limit=limit)


class Upload:
    def __init__(self, record):
        self.bucket = record["s3"]["bucket"]["name"]
        self.key = unquote_plus(record["s3"]["object"]["key"])
        self.size = record["s3"]["object"].get("size", 0)

    @property
    def media_id(self):
        return self.key.rsplit("/", 1)[-1].split(".", 1)[0]


def uploads(event):
    return [Upload(record) for record in event["Records"]]


media = Media(settings.require("MEDIA_TABLE"))
