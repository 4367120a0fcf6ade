import base64
import hashlib
import hmac
import json

from connect_shared.dates import epoch
from connect_shared.errors import Forbidden
from connect_shared.secrets_store import get_secret

LIFETIME = 60


def _sign(payload, secret_id):
    key = get_secret(secret_id)["key"].encode()
    return hmac.new(key, payload, hashlib.sha256).hexdigest()


def issue(member_id, secret_id):
    payload = json.dumps({"memberId": member_id, "until": epoch() + LIFETIME}).encode()
    return f"{base64.urlsafe_b64encode(payload).decode()}.{_sign(payload, secret_id)}"


def check(ticket, secret_id):
    encoded, _, signature = ticket.partition(".")
    try:
        payload = base64.urlsafe_b64decode(encoded)
        content = json.loads(payload)
    except ValueError as error:
        raise Forbidden("ticket") from error
    if not hmac.compare_digest(signature, _sign(payload, secret_id)) or content["until"] < epoch():
        raise Forbidden("ticket")
    return content["memberId"]
