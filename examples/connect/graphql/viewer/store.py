from connect_shared.repository import Repository
from connect_shared.settings import settings


class Members(Repository):
    name = "members"
    key = ("memberId",)


class Preferences(Repository):
    name = "preferences"
    key = ("memberId",)


members = Members()
preferences = Preferences(settings.optional("PREFERENCES_TABLE"))
