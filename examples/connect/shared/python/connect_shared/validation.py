import re

from connect_shared.errors import Invalid

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def required(values, *names):
    missing = [name for name in names if values.get(name) in (None, "")]
    if missing:
        raise Invalid("missing", fields=missing)
    return values


def only(values, *names):
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise Invalid("unknown", fields=unknown)
    return values


def email(value):
    if not isinstance(value, str) or not _EMAIL.match(value):
        raise Invalid("email")
    return value.strip().lower()


def text(value, name, longest):
    cleaned = " ".join(str(value or "").split())
    if not cleaned or len(cleaned) > longest:
        raise Invalid(name, longest=longest)
    return cleaned


def one_of(value, name, choices):
    if value not in choices:
        raise Invalid(name, choices=sorted(choices))
    return value
