import functools
import json
import logging
import os
import time

logger = logging.getLogger("shop")
logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def info(message, **fields):
    logger.info(json.dumps({"message": message, **fields}, default=str))


def timed(handler):
    @functools.wraps(handler)
    def wrapper(event, context):
        started = time.monotonic()
        try:
            return handler(event, context)
        finally:
            info("done", handler=handler.__name__, ms=round((time.monotonic() - started) * 1000))

    return wrapper
