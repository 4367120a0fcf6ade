from shop.events import ORDER_CANCELLED, ORDER_FAILED, ORDER_PLACED, ORDER_SHIPPED

TEXTS = {
    ORDER_PLACED: ("We have your order", "Thank you! Your order $orderId is with us."),
    ORDER_SHIPPED: ("Your parcel is on its way", "Order $orderId left us today. Receipt: $receipt"),
    ORDER_FAILED: ("We could not complete your order", "Order $orderId failed. You were not charged."),
    ORDER_CANCELLED: ("Your order was cancelled", "Order $orderId was cancelled as you asked."),
}

RECEIPT = """Receipt for order $orderId

$lines

Total: $total EUR
"""

DIGEST = """Good morning!

$count orders were placed yesterday, for $total EUR.
$receipts receipts are waiting to be filed.
"""
