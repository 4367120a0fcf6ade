import json

from connect_shared.aws import client
from connect_shared.dates import now
from connect_shared.logs import logger
from connect_shared.settings import settings

from meetups.store import store

log = logger(__name__)


def load_attendees(event, context):
    return store.attendees(event["meetup"]["meetupId"])


def schedule(event, context):
    started = []
    for meetup in store.starting_within(int(settings.require("REMINDER_HOURS"))):
        execution = client("stepfunctions").start_execution(
            stateMachineArn=settings.require("REMINDERS_ARN"),
            name=f"{meetup['meetupId']}-{now():%Y%m%d%H}",
            input=json.dumps({"meetup": meetup}, default=str),
        )
        store.mark_reminded(meetup["meetupId"])
        started.append(execution["executionArn"])
    log.info("reminding", extra={"fields": {"executions": started}})
    return {"started": len(started)}
