import json

from connect_shared.aws import client
from connect_shared.logs import logger
from connect_shared.repository import Repository
from connect_shared.settings import settings

log = logger(__name__)


class Connections(Repository):
    name = "connections"
    key = ("connectionId",)

    def of_member(self, member_id):
        return self.query("memberId", member_id, index="by-member")


class Sockets:
    def __init__(self, endpoint=None, connections=None):
        self.api = client("apigatewaymanagementapi", endpoint or settings.websocket_endpoint)
        self.connections = connections or Connections()

    def post(self, connection_id, payload):
        try:
            self.api.post_to_connection(ConnectionId=connection_id, Data=json.dumps(payload, default=str).encode())
        except self.api.exceptions.GoneException:
            log.info("gone", extra={"fields": {"connectionId": connection_id}})
            self.connections.remove(connection_id)
            return False
        return True

    def tell(self, member_id, payload):
        return sum(self.post(each["connectionId"], payload) for each in self.connections.of_member(member_id))
