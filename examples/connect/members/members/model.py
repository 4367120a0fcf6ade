from dataclasses import asdict, dataclass, field

from connect_shared.dates import iso
from connect_shared.ids import new_id
from connect_shared.validation import email, text

VISIBILITIES = {"public", "groups", "private"}
PUBLIC_FIELDS = ("memberId", "displayName", "about", "interests", "city", "avatarUrl", "createdAt")


@dataclass
class Member:
    displayName: str
    email: str
    memberId: str = field(default_factory=lambda: new_id("mem"))
    about: str = ""
    city: str | None = None
    position: dict | None = None
    interests: list[str] = field(default_factory=list)
    visibility: str = "groups"
    status: str = "invited"
    avatarUrl: str | None = None
    createdAt: str = field(default_factory=iso)

    @classmethod
    def from_body(cls, body):
        return cls(
            displayName=text(body.get("displayName"), "displayName", 60),
            email=email(body.get("email")),
            about=str(body.get("about", ""))[:2000],
            city=body.get("city"),
            interests=sorted({str(each).lower() for each in body.get("interests", [])})[:20],
            visibility=body.get("visibility", "groups"),
        )

    def to_item(self):
        return asdict(self)


def public_view(member, viewer_id=None):
    if member["memberId"] == viewer_id:
        return member
    if member.get("visibility") == "private":
        return {"memberId": member["memberId"], "displayName": member["displayName"]}
    return {name: member.get(name) for name in PUBLIC_FIELDS}
