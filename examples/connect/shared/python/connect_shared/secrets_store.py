import json
import time

from connect_shared.aws import client

_TTL = 300
_cache = {}


def get_secret(secret_id):
    cached = _cache.get(secret_id)
    if cached and cached[0] > time.monotonic():
        return cached[1]
    answer = client("secretsmanager").get_secret_value(SecretId=secret_id)
    value = json.loads(answer["SecretString"])
    _cache[secret_id] = (time.monotonic() + _TTL, value)
    return value


def forget(secret_id):
    _cache.pop(secret_id, None)
