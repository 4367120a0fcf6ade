from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.requests import RequestsHTTPTransport

from connect_shared.parameters import parameters


def _headers():
    return {"x-api-key": parameters.get("graphql/api-key")}


def client(url):
    transport = RequestsHTTPTransport(url=url, headers=_headers(), timeout=8, retries=2)
    return Client(transport=transport, fetch_schema_from_transport=False)


def async_client(url):
    transport = AIOHTTPTransport(url=url, headers=_headers())
    return Client(transport=transport, fetch_schema_from_transport=False)


def execute(url, document, **variables):
    return client(url).execute(gql(document), variable_values=variables)
