import requests

from connect_shared.aws import client
from connect_shared.settings import settings

from media.store import media, uploads

RENDITIONS = ["360p", "720p"]


def source_of(upload):
    return client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": upload.bucket, "Key": upload.key}, ExpiresIn=21600
    )


def handler(event, context):
    with requests.Session() as session:
        for upload in uploads(event):
            answer = session.post(
                settings.require("TRANSCODER_URL") + "/jobs",
                json={"source": source_of(upload), "reference": upload.media_id, "renditions": RENDITIONS},
                timeout=15,
            )
            answer.raise_for_status()
            media.change((upload.media_id,), state="transcoding", job=answer.json()["id"])
