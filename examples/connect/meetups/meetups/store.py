from connect_shared.db import database
from connect_shared.errors import Conflict, NotFound

COLUMNS = "meetup_id, group_id, organizer_id, title, about, starts_at, ends_at, venue, latitude, longitude, places, status"


class MeetupStore:
    def __init__(self, db=database):
        self.db = db

    def add(self, meetup):
        self.db.insert("meetups", meetup)
        return meetup

    def get(self, meetup_id):
        meetup = self.db.fetch_one(f"SELECT {COLUMNS} FROM meetups WHERE meetup_id = %s", (meetup_id,))
        if meetup is None:
            raise NotFound(f"meetup {meetup_id}")
        return meetup

    def upcoming(self, group_id=None, near=None, limit=25):
        conditions = ["status = 'planned'", "starts_at > UTC_TIMESTAMP()"]
        arguments = []
        if group_id:
            conditions.append("group_id = %s")
            arguments.append(group_id)
        if near:
            conditions.append("distance_km(latitude, longitude, %s, %s) < %s")
            arguments.extend(near)
        arguments.append(limit)
        return self.db.fetch_all(
            f"SELECT {COLUMNS} FROM meetups WHERE {' AND '.join(conditions)} ORDER BY starts_at LIMIT %s",
            arguments,
        )

    def cancel(self, meetup_id, reason):
        changed = self.db.execute(
            "UPDATE meetups SET status = 'cancelled', cancel_reason = %s WHERE meetup_id = %s AND status = 'planned'",
            (reason, meetup_id),
        )
        if not changed:
            raise Conflict("not planned")

    def answer(self, meetup_id, member_id, answer):
        rows = self.db.call("answer_invitation", meetup_id, member_id, answer)
        return rows[0]["state"]

    def attendees(self, meetup_id, state="going"):
        return self.db.fetch_all(
            """
            SELECT a.member_id AS memberId, m.email, m.display_name AS displayName
            FROM attendances a
            JOIN members m ON m.member_id = a.member_id
            WHERE a.meetup_id = %s AND a.state = %s AND m.status = 'active'
            """,
            (meetup_id, state),
        )

    def starting_within(self, hours):
        return self.db.fetch_all(
            """
            SELECT meetup_id AS meetupId, title, venue, starts_at AS startsAt
            FROM meetups
            WHERE status = 'planned' AND reminded_at IS NULL
              AND starts_at BETWEEN UTC_TIMESTAMP() AND DATE_ADD(UTC_TIMESTAMP(), INTERVAL %s HOUR)
            """,
            (hours,),
        )

    def mark_reminded(self, meetup_id):
        self.db.execute("UPDATE meetups SET reminded_at = UTC_TIMESTAMP() WHERE meetup_id = %s", (meetup_id,))

    def release_member(self, member_id):
        return self.db.call("release_places", member_id)


store = MeetupStore()
