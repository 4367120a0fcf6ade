import pytest

from connect_shared.settings import MissingSetting, Settings


def test_require():
    assert Settings({"EVENT_BUS_NAME": "bus"}).event_bus_name == "bus"
    with pytest.raises(MissingSetting):
        Settings({}).require("EVENT_BUS_NAME")


def test_table():
    assert Settings({"STAGE": "prod"}).table("members") == "connect-prod-members"
