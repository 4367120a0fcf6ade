from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def total(lines) -> Decimal:
    amount = sum((Decimal(str(line["price"])) * line["quantity"] for line in lines), Decimal(0))
    return amount.quantize(CENT, ROUND_HALF_UP)


def cents(amount) -> int:
    return int(Decimal(str(amount)) * 100)
