from datetime import datetime

import pytest


@pytest.fixture
def calendar(monkeypatch):
    monkeypatch.syspath_prepend("meetups")
    from meetups import calendar as module

    return module


def meetup(**changes):
    return {
        "meetup_id": "mtp_1",
        "title": "Tea, talks; and more",
        "about": "One\nTwo",
        "venue": "Library",
        "starts_at": datetime(2025, 3, 1, 18),
        "ends_at": datetime(2025, 3, 1, 20),
        "status": "planned",
        **changes,
    }


def test_escapes(calendar):
    text = calendar.render(meetup())
    assert "SUMMARY:Tea\\, talks\\; and more" in text
    assert "DESCRIPTION:One\\nTwo" in text


def test_cancelled(calendar):
    assert "STATUS:CANCELLED" in calendar.render(meetup(status="cancelled"))


def test_long_lines_are_folded(calendar):
    text = calendar.render(meetup(about="x" * 300))
    assert all(len(line) <= 75 for line in text.split("\r\n"))
