import base64
import functools
import json

from connect_shared.errors import ConnectError, Forbidden, Invalid
from connect_shared.logs import logger

log = logger(__name__)

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def respond(status, body=None, headers=None):
    return {
        "statusCode": status,
        "headers": {**HEADERS, **(headers or {})},
        "body": "" if body is None else json.dumps(body, default=str),
    }


class Request:
    def __init__(self, event):
        self.event = event

    @property
    def path(self):
        return self.event.get("pathParameters") or {}

    @property
    def query(self):
        return self.event.get("queryStringParameters") or {}

    @property
    def headers(self):
        return {key.lower(): value for key, value in (self.event.get("headers") or {}).items()}

    @property
    def raw(self):
        body = self.event.get("body") or ""
        return base64.b64decode(body).decode() if self.event.get("isBase64Encoded") else body

    @property
    def json(self):
        try:
            return json.loads(self.raw or "{}")
        except json.JSONDecodeError as error:
            raise Invalid("not JSON") from error

    @property
    def claims(self):
        authorizer = self.event.get("requestContext", {}).get("authorizer") or {}
        if "jwt" in authorizer:
            return authorizer["jwt"]["claims"]
        return authorizer.get("claims") or {}

    @property
    def member_id(self):
        member_id = self.claims.get("custom:memberId") or self.claims.get("sub")
        if not member_id:
            raise Forbidden("no member")
        return member_id

    def limit(self, default=25, highest=100):
        try:
            return max(1, min(int(self.query.get("limit", default)), highest))
        except ValueError as error:
            raise Invalid("limit") from error


def endpoint(function):
    @functools.wraps(function)
    def handler(event, context):
        try:
            answer = function(Request(event))
        except ConnectError as error:
            return respond(error.status, error.to_dict())
        except Exception:
            log.exception("unhandled")
            return respond(500, {"code": "internal"})
        if isinstance(answer, dict) and "statusCode" in answer:
            return answer
        return respond(200, answer)

    return handler
