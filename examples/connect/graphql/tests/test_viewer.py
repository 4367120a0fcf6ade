import pytest

from connect_shared.errors import Forbidden, Invalid, NotFound


@pytest.fixture
def resolvers(monkeypatch):
    monkeypatch.syspath_prepend("graphql")
    from viewer import resolvers as module

    return module


def event(field, **arguments):
    return {
        "info": {"fieldName": field},
        "identity": {"sub": "s", "claims": {"custom:memberId": "mem_1"}, "groups": ["moderators"]},
        "arguments": arguments,
    }


def test_viewer(resolvers, monkeypatch):
    monkeypatch.setattr(resolvers.members, "find", lambda member_id: {"displayName": "Ada"})
    answer = resolvers.handler(event("viewer"), None)
    assert answer == {"memberId": "mem_1", "displayName": "Ada", "moderator": True}


def test_unknown_rhythm(resolvers):
    with pytest.raises(Invalid):
        resolvers.handler(event("updatePreferences", input={"digest": "hourly"}), None)


def test_unknown_field(resolvers):
    with pytest.raises(NotFound):
        resolvers.handler(event("nothing"), None)


def test_anonymous(resolvers):
    with pytest.raises(Forbidden):
        resolvers.handler({**event("viewer"), "identity": None}, None)
