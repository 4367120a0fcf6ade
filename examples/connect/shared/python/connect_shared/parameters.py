import json
import time

from connect_shared.aws import client
from connect_shared.settings import settings


class Parameters:
    def __init__(self, ttl=120):
        self._ttl = ttl
        self._values = {}

    def get(self, path):
        name = f"/connect/{settings.stage}/{path}"
        cached = self._values.get(name)
        if cached and cached[0] > time.monotonic():
            return cached[1]
        answer = client("ssm").get_parameter(Name=name, WithDecryption=True)
        value = answer["Parameter"]["Value"]
        self._values[name] = (time.monotonic() + self._ttl, value)
        return value

    def get_json(self, path):
        return json.loads(self.get(path))


parameters = Parameters()


def flag(name, default=False):
    return bool(parameters.get_json("features/flags").get(name, default))
