from connect_shared.appsync import Resolver, caller
from connect_shared.aws import client
from connect_shared.errors import Forbidden, Invalid
from connect_shared.ids import new_id
from connect_shared.parameters import flag
from connect_shared.settings import settings

from media.store import media

FOLDERS = {
    "image/jpeg": ("images", "jpg", 15),
    "image/png": ("images", "png", 15),
    "video/mp4": ("videos", "mp4", 500),
    "text/csv": ("contacts", "csv", 5),
}

handler = Resolver()


@handler.field("requestUpload")
def request_upload(event, contentType, title=None):
    if contentType not in FOLDERS:
        raise Invalid("contentType", choices=sorted(FOLDERS))
    folder, ending, megabytes = FOLDERS[contentType]
    if folder == "videos" and not flag("videoUploads"):
        raise Forbidden("no videos yet")
    media_id = new_id("med")
    key = f"{folder}/{media_id}.{ending}"
    post = client("s3").generate_presigned_post(
        Bucket=settings.require("UPLOADS_BUCKET"),
        Key=key,
        Fields={"Content-Type": contentType},
        Conditions=[{"Content-Type": contentType}, ["content-length-range", 1, megabytes * 1024 * 1024]],
        ExpiresIn=600,
    )
    media.add({"mediaId": media_id, "memberId": caller(event), "title": title, "key": key, "state": "waiting"})
    return {
        "mediaId": media_id,
        "url": post["url"],
        "fields": [{"name": name, "value": value} for name, value in post["fields"].items()],
    }


@handler.field("myMedia")
def my_media(event, limit=50):
    return media.of_member(caller(event), min(limit, 200))
