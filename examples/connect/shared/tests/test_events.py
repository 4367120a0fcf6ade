import json

import pytest

from connect_shared import events
from connect_shared.errors import Unavailable


class FakeBus:
    def __init__(self, failed=0):
        self.failed = failed
        self.sizes = []

    def put_events(self, Entries):
        self.sizes.append(len(Entries))
        return {"FailedEntryCount": self.failed, "Entries": Entries}


@pytest.fixture(autouse=True)
def bus_name(monkeypatch):
    monkeypatch.setenv("EVENT_BUS_NAME", "test")


def test_batches(monkeypatch):
    bus = FakeBus()
    monkeypatch.setattr(events, "client", lambda name: bus)
    events.publish_all([events.entry("Happened", {"n": n}) for n in range(23)])
    assert bus.sizes == [10, 10, 3]


def test_failure(monkeypatch):
    monkeypatch.setattr(events, "client", lambda name: FakeBus(failed=1))
    with pytest.raises(Unavailable):
        events.publish("Happened", {})


def test_entry():
    entry = events.entry("Happened", {"eventId": "evt_1"}, source="connect.test")
    assert entry["Source"] == "connect.test"
    assert json.loads(entry["Detail"])["eventId"] == "evt_1"
