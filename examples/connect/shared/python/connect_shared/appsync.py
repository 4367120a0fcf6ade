from connect_shared.errors import ConnectError, Forbidden, NotFound
from connect_shared.logs import logger

log = logger(__name__)


def caller(event):
    identity = event.get("identity") or {}
    claims = identity.get("claims") or {}
    member_id = claims.get("custom:memberId") or identity.get("sub")
    if not member_id:
        raise Forbidden("no member")
    return member_id


def groups_of(event):
    return (event.get("identity") or {}).get("groups") or []


class Resolver:
    def __init__(self):
        self._fields = {}

    def field(self, name):
        def register(function):
            self._fields[name] = function
            return function

        return register

    def __call__(self, event, context):
        name = event["info"]["fieldName"]
        function = self._fields.get(name)
        if function is None:
            raise NotFound(f"no field {name}")
        try:
            return function(event, **event.get("arguments", {}))
        except ConnectError as error:
            log.warning("refused", extra={"fields": error.to_dict()})
            raise
