from connect_shared.dates import days_ago, iso
from connect_shared.logs import logger
from connect_shared.settings import settings

from groups.repository import memberships

log = logger(__name__)


def expire_invitations(event, context):
    limit = iso(days_ago(int(settings.require("INVITATION_DAYS"))))
    expired = [(each["groupId"], each["memberId"]) for each in memberships.invited_before(limit)]
    memberships.remove_all(expired)
    log.info("expired", extra={"fields": {"count": len(expired)}})
    return {"expired": len(expired)}
