import pytest

from connect_shared.errors import NotFound


@pytest.fixture
def templates(monkeypatch):
    monkeypatch.syspath_prepend("notifications")
    from notifications import templates as module

    return module


def test_subject_and_body_for_each(templates):
    assert set(templates.SUBJECTS) == set(templates.BODIES)


def test_missing_values_are_empty(templates):
    subject, body = templates.render("invoice", {"number": 7})
    assert subject == "Invoice 7"
    assert body.startswith("Find your invoice over  at")


def test_unknown(templates):
    with pytest.raises(NotFound):
        templates.render("nothing", {})
