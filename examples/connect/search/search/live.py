from connect_shared import graphql
from connect_shared.parameters import parameters
from connect_shared.streams import changes

PUBLISH = """
mutation Publish($input: FeedItemInput!) {
  publishFeedItem(input: $input) {
    memberId itemId kind title link createdAt
  }
}
"""

FIELDS = ("memberId", "itemId", "kind", "title", "link", "createdAt")


def handler(event, context):
    url = parameters.get("graphql/url")
    for change in changes(event):
        graphql.execute(url, PUBLISH, input={name: change.new.get(name) for name in FIELDS})
