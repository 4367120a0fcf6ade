import json
import logging
import sys
import time
from contextlib import contextmanager

from connect_shared.settings import settings


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "service": settings.service,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def logger(name):
    log = logging.getLogger(name)
    if not log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonFormatter())
        log.addHandler(handler)
        log.setLevel(settings.log_level)
        log.propagate = False
    return log


@contextmanager
def timed(log, message, **fields):
    started = time.monotonic()
    try:
        yield
    finally:
        fields["milliseconds"] = round((time.monotonic() - started) * 1000)
        log.info(message, extra={"fields": fields})
