import pytest

from connect_shared import tickets
from connect_shared.errors import Forbidden


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setattr(tickets, "get_secret", lambda secret_id: {"key": "k"})


def test_round_trip():
    assert tickets.check(tickets.issue("mem_1", "s"), "s") == "mem_1"


@pytest.mark.parametrize("ticket", ["", "x.y", "eyJ9.00"])
def test_nonsense(ticket):
    with pytest.raises(Forbidden):
        tickets.check(ticket, "s")


def test_old(monkeypatch):
    ticket = tickets.issue("mem_1", "s")
    monkeypatch.setattr(tickets, "epoch", lambda: 99999999999)
    with pytest.raises(Forbidden):
        tickets.check(ticket, "s")
