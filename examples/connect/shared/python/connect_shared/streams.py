from boto3.dynamodb.types import TypeDeserializer

from connect_shared.repository import from_item

_deserializer = TypeDeserializer()


def _image(record, name):
    image = record["dynamodb"].get(name)
    if image is None:
        return None
    return from_item({key: _deserializer.deserialize(value) for key, value in image.items()})


class Change:
    def __init__(self, record):
        self.kind = record["eventName"]
        self.sequence = record["dynamodb"].get("SequenceNumber")
        self.old = _image(record, "OldImage")
        self.new = _image(record, "NewImage")

    @property
    def inserted(self):
        return self.kind == "INSERT"

    @property
    def removed(self):
        return self.kind == "REMOVE"

    def changed(self, *attributes):
        old, new = self.old or {}, self.new or {}
        return any(old.get(name) != new.get(name) for name in attributes)


def changes(event):
    return [Change(record) for record in event["Records"]]
