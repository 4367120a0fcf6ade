from boto3.dynamodb.conditions import Attr

from connect_shared.repository import Repository


class Members(Repository):
    name = "members"
    key = ("memberId",)

    def by_email(self, address):
        found = self.query("email", address, index="by-email", limit=1)
        return found[0] if found else None

    def active(self, city=None, interest=None):
        condition = Attr("status").eq("active")
        if city:
            condition = condition & Attr("city").eq(city)
        if interest:
            condition = condition & Attr("interests").contains(interest)
        return self.scan(FilterExpression=condition)


members = Members()
