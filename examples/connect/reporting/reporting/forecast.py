from statistics import fmean

import boto3

WINDOW = 4


class Forecast:
    def __init__(self, bucket):
        self.bucket = bucket
        self.s3 = boto3.client("s3")

    def weeks(self):
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="weeks/")
        return sorted(item["Key"] for item in listed.get("Contents", []))

    def total(self, key):
        body = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()
        return sum(int(line.rsplit(",", 1)[-1]) for line in body.splitlines()[1:])

    def next_week(self):
        totals = [self.total(key) for key in self.weeks()[-WINDOW:]]
        if len(totals) < 2:
            return None
        steps = [after - before for before, after in zip(totals, totals[1:], strict=False)]
        return round(totals[-1] + fmean(steps))
