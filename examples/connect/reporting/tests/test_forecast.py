import pytest


@pytest.fixture
def forecast(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.syspath_prepend("reporting")
    from reporting.forecast import Forecast

    return Forecast("reports")


def test_follows_the_trend(forecast, monkeypatch):
    totals = {"a": 10, "b": 14, "c": 18}
    monkeypatch.setattr(forecast, "weeks", lambda: sorted(totals))
    monkeypatch.setattr(forecast, "total", totals.get)
    assert forecast.next_week() == 22


def test_needs_two_weeks(forecast, monkeypatch):
    monkeypatch.setattr(forecast, "weeks", lambda: ["a"])
    monkeypatch.setattr(forecast, "total", lambda key: 1)
    assert forecast.next_week() is None
