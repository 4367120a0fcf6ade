from functools import lru_cache

import boto3
from botocore.config import Config

from connect_shared.settings import settings

_config = Config(retries={"max_attempts": 4, "mode": "standard"}, connect_timeout=3, read_timeout=10)


@lru_cache(maxsize=None)
def client(name, endpoint_url=None):
    return boto3.client(name, region_name=settings.region, endpoint_url=endpoint_url, config=_config)


@lru_cache(maxsize=None)
def resource(name):
    return boto3.resource(name, region_name=settings.region, config=_config)


def table(name):
    return resource("dynamodb").Table(name)
