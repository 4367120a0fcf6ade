import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _encode(number, length):
    letters = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))


def new_id(prefix):
    moment = _encode(int(time.time() * 1000), 10)
    return f"{prefix}_{moment}{_encode(secrets.randbits(80), 16)}"


def prefix_of(identifier):
    prefix, _, rest = identifier.partition("_")
    return prefix if rest else None
