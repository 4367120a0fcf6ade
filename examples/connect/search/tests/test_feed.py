import pytest


@pytest.fixture
def feed(monkeypatch):
    monkeypatch.syspath_prepend("search")
    from search import feed as module

    return module


def test_meetup_goes_to_followers(feed, monkeypatch):
    saved = []
    monkeypatch.setattr(feed.followers, "of", lambda group_id: ["mem_1", "mem_2"])
    monkeypatch.setattr(feed.feed, "save", saved.append)
    detail = {"groupId": "grp_1", "title": "Tea", "meetupId": "mtp_1"}
    feed.build({"detail-type": "MeetupPlanned", "detail": detail}, None)
    assert [item["memberId"] for item in saved] == ["mem_1", "mem_2"]
    assert {item["title"] for item in saved} == {"New meetup: Tea"}
