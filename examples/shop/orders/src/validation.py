from shop.errors import Invalid

MAX_LINES = 50


def check_line(number, line):
    if not line.get("sku"):
        yield f"line {number} has no sku"
    if not isinstance(line.get("quantity"), int) or line["quantity"] < 1:
        yield f"line {number} has no quantity"
    if not isinstance(line.get("price"), (int, float)) or line["price"] < 0:
        yield f"line {number} has no price"


def check_order(order):
    lines = order.get("lines") or []
    problems = []
    if not lines:
        problems.append("an order has at least one line")
    if len(lines) > MAX_LINES:
        problems.append(f"an order has at most {MAX_LINES} lines")
    for number, line in enumerate(lines, start=1):
        problems.extend(check_line(number, line))
    if not order.get("email"):
        problems.append("an order has an email address")
    if problems:
        raise Invalid(problems)
    return lines
