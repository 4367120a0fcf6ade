from connect_shared import validation
from connect_shared.appsync import Resolver, caller

from search.engine import Engine

KINDS = {"member", "group", "meetup"}

handler = Resolver()


@handler.field("search")
def search(event, text, kinds=None, limit=20):
    caller(event)
    wanted = set(kinds or KINDS) & KINDS
    hits = Engine().find(validation.text(text, "text", 200), wanted, min(limit, 50))
    return [
        {
            "kind": hit["_source"]["type"],
            "id": hit["_source"]["id"],
            "title": hit["_source"]["title"],
            "score": hit["_score"],
        }
        for hit in hits
    ]
