import pytest

from connect_shared.errors import Conflict, Forbidden, Invalid


class FakeMembers:
    def __init__(self):
        self.items = {}

    def by_email(self, address):
        return next((item for item in self.items.values() if item["email"] == address), None)

    def add(self, item):
        self.items[item["memberId"]] = item
        return item

    def get(self, member_id):
        return self.items[member_id]

    def change(self, key, **changes):
        self.items[key[0]].update(changes)
        return self.items[key[0]]

    def remove(self, member_id):
        del self.items[member_id]


@pytest.fixture
def service(monkeypatch):
    monkeypatch.syspath_prepend("members")
    from members.service import MemberService

    published = []
    new = MemberService(FakeMembers(), publish=lambda *each: published.append(each), locate=lambda city: None)
    new.published = published
    return new


def test_create_publishes(service):
    member = service.create({"displayName": " Ada  L ", "email": "Ada@Example.com"})
    assert member["displayName"] == "Ada L"
    assert member["email"] == "ada@example.com"
    assert service.published[0][0] == "MemberInvited"


def test_email_is_unique(service):
    service.create({"displayName": "Ada", "email": "ada@example.com"})
    with pytest.raises(Conflict):
        service.create({"displayName": "Ada", "email": "ada@example.com"})


def test_only_oneself(service):
    member = service.create({"displayName": "Ada", "email": "ada@example.com"})
    with pytest.raises(Forbidden):
        service.update(member["memberId"], "mem_other", {"about": "x"})


def test_unknown_field(service):
    member = service.create({"displayName": "Ada", "email": "ada@example.com"})
    with pytest.raises(Invalid):
        service.update(member["memberId"], member["memberId"], {"status": "admin"})
