import csv
import io
import json

from connect_shared.aws import client
from connect_shared.settings import settings


class ReportFiles:
    def __init__(self):
        self.bucket = settings.require("REPORTS_BUCKET")
        self.s3 = client("s3")

    def _put(self, key, body, content_type):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body.encode(), ContentType=content_type)
        return key

    def write_json(self, key, content):
        return self._put(key, json.dumps(content, indent=1, default=str), "application/json")

    def write_csv(self, key, rows):
        target = io.StringIO()
        if rows:
            writer = csv.DictWriter(target, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return self._put(key, target.getvalue(), "text/csv")

    def link(self, key, seconds=86400):
        return self.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
        )
