from connect_shared.dates import epoch, in_days
from connect_shared.sockets import Connections

connections = Connections()


def open_connection(event, context):
    request = event["requestContext"]
    connections.save(
        {
            "connectionId": request["connectionId"],
            "memberId": request["authorizer"]["memberId"],
            "connectedAt": request["connectedAt"],
            "expiresAt": epoch(in_days(1)),
        }
    )
    return {"statusCode": 200}


def close_connection(event, context):
    connections.remove(event["requestContext"]["connectionId"])
    return {"statusCode": 200}
