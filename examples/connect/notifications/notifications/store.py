from boto3.dynamodb.conditions import Attr

from connect_shared.dates import epoch, in_days
from connect_shared.ids import new_id
from connect_shared.repository import Repository

DEFAULTS = {"mail": True, "mobile": True, "browser": True, "digest": "weekly", "muted": []}


class Notifications(Repository):
    name = "notifications"
    key = ("memberId", "notificationId")

    def note(self, member_id, kind, title, link):
        return self.add(
            {
                "memberId": member_id,
                "notificationId": new_id("ntf"),
                "kind": kind,
                "title": title,
                "link": link,
                "read": False,
                "expiresAt": epoch(in_days(90)),
            }
        )


class Preferences(Repository):
    name = "preferences"
    key = ("memberId",)

    def of(self, member_id):
        return {**DEFAULTS, **(self.find(member_id) or {})}

    def with_digest(self, rhythm):
        return self.scan(FilterExpression=Attr("digest").eq(rhythm))


class Devices(Repository):
    name = "devices"
    key = ("memberId", "deviceToken")

    def of_member(self, member_id):
        return self.query("memberId", member_id)


notifications = Notifications()
preferences = Preferences()
devices = Devices()
