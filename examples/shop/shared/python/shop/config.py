import os
from functools import lru_cache

import boto3

STAGE = os.environ.get("STAGE", "dev")
SSM_PREFIX = f"/shop/{STAGE}"

_ssm = boto3.client("ssm")


def require(name: str) -> str:
    """An environment variable that the function cannot work without."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set")
    return value


@lru_cache(maxsize=None)
def lookup(name: str) -> str:
    """A value of another stack. Looked up at run time, so that stacks can be deployed in any order."""
    return _ssm.get_parameter(Name=f"{SSM_PREFIX}/{name}")["Parameter"]["Value"]
