from itertools import islice

from connect_shared import events, geo
from connect_shared.errors import Conflict, Forbidden, Invalid
from connect_shared.validation import one_of, only, text

from members.model import VISIBILITIES, Member, public_view

CHANGEABLE = ("displayName", "about", "city", "interests", "visibility", "avatarUrl")


class MemberService:
    def __init__(self, repository, publish=events.publish, locate=geo.locate):
        self.repository = repository
        self.publish = publish
        self.locate = locate

    def create(self, body):
        member = Member.from_body(body)
        one_of(member.visibility, "visibility", VISIBILITIES)
        if self.repository.by_email(member.email):
            raise Conflict("email is taken")
        member.position = self.locate(member.city)
        self.repository.add(member.to_item())
        self.publish("MemberInvited", {"memberId": member.memberId, "email": member.email})
        return member.to_item()

    def show(self, member_id, viewer_id):
        return public_view(self.repository.get(member_id), viewer_id)

    def list(self, viewer_id, limit, city=None, interest=None):
        found = islice(self.repository.active(city, interest), limit)
        return [public_view(member, viewer_id) for member in found]

    def update(self, member_id, viewer_id, body):
        if member_id != viewer_id:
            raise Forbidden("somebody else")
        changes = only(dict(body), *CHANGEABLE)
        if not changes:
            raise Invalid("nothing to change")
        if "displayName" in changes:
            changes["displayName"] = text(changes["displayName"], "displayName", 60)
        if "visibility" in changes:
            one_of(changes["visibility"], "visibility", VISIBILITIES)
        if "city" in changes:
            changes["position"] = self.locate(changes["city"])
        member = self.repository.change((member_id,), **changes)
        self.publish("MemberUpdated", {"memberId": member_id, "changed": sorted(changes)})
        return member

    def delete(self, member_id, viewer_id):
        if member_id != viewer_id:
            raise Forbidden("somebody else")
        member = self.repository.get(member_id)
        self.repository.remove(member_id)
        self.publish("MemberDeleted", {"memberId": member_id, "email": member["email"]})

    def confirm(self, address, name):
        member = self.repository.by_email(address)
        if member is None:
            member = Member(displayName=name or address.split("@")[0], email=address, status="active").to_item()
            self.repository.add(member)
        else:
            member = self.repository.change((member["memberId"],), status="active")
        self.publish("MemberConfirmed", {"memberId": member["memberId"], "email": address})
        return member
