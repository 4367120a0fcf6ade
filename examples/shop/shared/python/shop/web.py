import functools
import json
from decimal import Decimal

from shop import log
from shop.errors import Invalid, ShopError


class _Encoder(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, Decimal):
            return int(value) if value % 1 == 0 else float(value)
        return super().default(value)


def dumps(value) -> str:
    return json.dumps(value, cls=_Encoder)


def response(status, body):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": dumps(body),
    }


def body_of(event):
    try:
        return json.loads(event.get("body") or "{}")
    except ValueError:
        raise Invalid(["the body is not JSON"]) from None


def endpoint(handler):
    """Turns what a handler returns or raises into an HTTP response."""

    @functools.wraps(handler)
    def wrapper(event, context):
        try:
            return response(200, handler(event, context))
        except ShopError as error:
            log.info("refused", error=str(error), status=error.status)
            return response(error.status, {"error": str(error)})

    return wrapper
