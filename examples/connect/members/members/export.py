import json

from connect_shared.aws import client
from connect_shared.errors import Forbidden
from connect_shared.settings import settings
from connect_shared.web import endpoint, respond


@endpoint
def handler(request):
    member_id = request.path["memberId"]
    if member_id != request.member_id:
        raise Forbidden("somebody else")
    client("lambda").invoke(
        FunctionName=f"connect-reporting-{settings.stage}-buildExport",
        InvocationType="Event",
        Payload=json.dumps({"memberId": member_id, "email": request.claims.get("email")}).encode(),
    )
    return respond(202, {"memberId": member_id, "state": "building"})
