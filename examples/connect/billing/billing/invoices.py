from connect_shared import queue
from connect_shared.aws import client
from connect_shared.dates import now
from connect_shared.db import database
from connect_shared.settings import settings

PAGE = """<!doctype html>
<title>Invoice {number}</title>
<h1>Invoice {number}</h1>
<p>Member {member_id}, {day}</p>
<p>Subscription: {amount} {currency}</p>
"""


class InvoiceWriter:
    def __init__(self):
        self.bucket = settings.require("INVOICES_BUCKET")
        self.s3 = client("s3")

    def number(self, member_id, payment):
        rows = database.call("create_invoice", member_id, payment["paymentId"], payment["amount"])
        return rows[0]["invoice_number"]

    def store(self, number, page):
        key = f"{now():%Y/%m}/{number}.html"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=page.encode(), ContentType="text/html")
        return key

    def link(self, key):
        return self.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=7 * 86400
        )


def handler(event, context):
    writer = InvoiceWriter()
    amount = event["price"]["amount"] / 100
    number = writer.number(event["memberId"], event["payment"])
    page = PAGE.format(
        number=number,
        member_id=event["memberId"],
        day=now().date(),
        amount=f"{amount:.2f}",
        currency=event["price"]["currency"],
    )
    key = writer.store(number, page)
    queue.send(
        settings.mail_queue_url,
        {
            "template": "invoice",
            "memberId": event["memberId"],
            "values": {"number": number, "amount": f"{amount:.2f}", "url": writer.link(key)},
        },
    )
    return {"invoice": number, "key": key}
