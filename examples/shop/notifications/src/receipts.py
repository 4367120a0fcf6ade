import storage
from mail import fill
from shop.log import timed
from texts import RECEIPT


def line_text(line):
    return f"{line['quantity']:>3} x {line['sku']:<20} {line['price']:>8}"


@timed
def handler(event, context):
    order = event["detail"]
    lines = "\n".join(line_text(line) for line in order["lines"])
    storage.save(order["orderId"], fill(RECEIPT, orderId=order["orderId"], lines=lines, total=order["total"]))
