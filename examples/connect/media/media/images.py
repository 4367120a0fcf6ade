from connect_shared import events
from connect_shared.aws import client
from connect_shared.logs import logger
from connect_shared.settings import settings

from media.store import media, uploads

CONFIDENCE = 85

log = logger(__name__)


def refused_labels(upload):
    answer = client("rekognition").detect_moderation_labels(
        Image={"S3Object": {"Bucket": upload.bucket, "Name": upload.key}}, MinConfidence=CONFIDENCE
    )
    return [label["Name"] for label in answer["ModerationLabels"]]


def publish_image(upload):
    s3 = client("s3")
    original = s3.get_object(Bucket=upload.bucket, Key=upload.key)
    s3.put_object(
        Bucket=settings.require("PUBLIC_BUCKET"),
        Key=upload.key,
        Body=original["Body"].read(),
        ContentType=original["ContentType"],
        CacheControl="public, max-age=31536000, immutable",
    )
    return f"https://{settings.require('CDN')}/{upload.key}"


def handler(event, context):
    for upload in uploads(event):
        labels = refused_labels(upload)
        if labels:
            media.change((upload.media_id,), state="refused", labels=labels)
            log.warning("refused", extra={"fields": {"mediaId": upload.media_id, "labels": labels}})
            continue
        item = media.change((upload.media_id,), state="ready", url=publish_image(upload), size=upload.size)
        events.publish("MediaReady", {"mediaId": item["mediaId"], "memberId": item["memberId"], "url": item["url"]})
