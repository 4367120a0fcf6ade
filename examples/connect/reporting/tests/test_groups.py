def test_growth(monkeypatch):
    monkeypatch.syspath_prepend("reporting")
    from reporting.groups import growth

    assert growth([{"joined": 3, "departed": 1}, {"joined": 0, "departed": 4}]) == -2
