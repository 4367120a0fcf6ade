import hmac

from connect_shared.errors import Conflict, Forbidden
from connect_shared.secrets_store import get_secret
from connect_shared.settings import settings
from connect_shared.web import endpoint, respond

from members.repository import members
from members.service import MemberService


@endpoint
def handler(request):
    expected = get_secret(f"connect/{settings.stage}/invitations")["key"]
    if not hmac.compare_digest(expected, request.headers.get("x-invitation-key", "")):
        raise Forbidden("key")
    try:
        member = MemberService(members).create(request.json)
    except Conflict:
        return respond(200, {"state": "known"})
    return respond(201, {"state": "invited", "memberId": member["memberId"]})
