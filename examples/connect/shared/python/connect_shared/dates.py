from datetime import UTC, datetime, timedelta


def now():
    return datetime.now(UTC)


def iso(moment=None):
    return (moment or now()).isoformat(timespec="seconds").replace("+00:00", "Z")


def parse(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def days_ago(days):
    return now() - timedelta(days=days)


def in_days(days):
    return now() + timedelta(days=days)


def epoch(moment=None):
    return int((moment or now()).timestamp())


def week_of(moment):
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02d}"


def sql(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
