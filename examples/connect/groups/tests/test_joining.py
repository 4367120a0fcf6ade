import json

import pytest


@pytest.fixture
def joining(monkeypatch):
    monkeypatch.syspath_prepend("groups")
    monkeypatch.setenv("EVENT_BUS_NAME", "test")
    from groups import joining as module

    return module


def message(**body):
    return {"Records": [{"messageId": "1", "body": json.dumps(body)}]}


def test_unknown_policy_is_refused(joining, monkeypatch):
    published = []
    monkeypatch.setattr(joining.events, "publish", lambda kind, detail: published.append(kind))
    answer = joining.process(message(groupId="grp_1", memberId="mem_1", policy="secret"), None)
    assert answer == {"batchItemFailures": []}
    assert published == ["JoinRefused"]


def test_failure_is_reported(joining, monkeypatch):
    def broken(request):
        raise RuntimeError

    monkeypatch.setitem(joining.POLICIES, "open", broken)
    answer = joining.process(message(groupId="grp_1", memberId="mem_1", policy="open"), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
