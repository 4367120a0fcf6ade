from connect_shared import tickets
from connect_shared.errors import Forbidden
from connect_shared.logs import logger
from connect_shared.settings import settings

log = logger(__name__)


def policy(effect, resource, member_id="nobody"):
    return {
        "principalId": member_id,
        "context": {"memberId": member_id},
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}],
        },
    }


def handler(event, context):
    ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
    try:
        member_id = tickets.check(ticket, settings.require("TICKET_KEY"))
    except Forbidden:
        log.info("turned away")
        return policy("Deny", event["methodArn"])
    return policy("Allow", event["methodArn"], member_id)
