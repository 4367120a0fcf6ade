import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

from connect_shared.settings import settings

INDEX = "connect"


class SignedAuth(requests.auth.AuthBase):
    def __init__(self):
        self.credentials = Session().get_credentials()

    def __call__(self, request):
        signed = AWSRequest(method=request.method, url=request.url, data=request.body)
        SigV4Auth(self.credentials, "es", settings.region).add_auth(signed)
        request.headers.update(dict(signed.headers))
        return request


class Engine:
    def __init__(self):
        self.url = f"https://{settings.require('SEARCH_ENDPOINT')}"
        self.auth = SignedAuth()

    def put(self, document):
        path = f"{INDEX}/_doc/{document['type']}-{document['id']}"
        requests.put(f"{self.url}/{path}", json=document, auth=self.auth, timeout=10).raise_for_status()

    def delete(self, document):
        path = f"{INDEX}/_doc/{document['type']}-{document['id']}"
        answer = requests.delete(f"{self.url}/{path}", auth=self.auth, timeout=10)
        if answer.status_code != 404:
            answer.raise_for_status()

    def find(self, text, kinds, limit):
        query = {
            "size": limit,
            "query": {
                "bool": {
                    "must": {"multi_match": {"query": text, "fields": ["title^3", "tags^2", "text"]}},
                    "filter": [{"term": {"visible": True}}, {"terms": {"type": sorted(kinds)}}],
                }
            },
        }
        answer = requests.get(f"{self.url}/{INDEX}/_search", json=query, auth=self.auth, timeout=10)
        answer.raise_for_status()
        return answer.json()["hits"]["hits"]
