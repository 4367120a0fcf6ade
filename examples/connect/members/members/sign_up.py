from connect_shared.logs import logger

from members.repository import members
from members.service import MemberService

log = logger(__name__)


def confirm(event, context):
    if event["triggerSource"] != "PostConfirmation_ConfirmSignUp":
        return event
    attributes = event["request"]["userAttributes"]
    member = MemberService(members).confirm(attributes["email"], attributes.get("name"))
    log.info("confirmed", extra={"fields": {"memberId": member["memberId"]}})
    return event
