import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from connect_shared.errors import Unavailable


def session():
    new = requests.Session()
    retry = Retry(total=3, backoff_factor=0.3, status_forcelist=(502, 503, 504), allowed_methods=None)
    new.mount("https://", HTTPAdapter(max_retries=retry))
    return new


class ApiClient:
    def __init__(self, base_url, token=None, timeout=8):
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self.session = session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, **arguments):
        try:
            answer = self.session.request(method, f"{self.base_url}{path}", timeout=self.timeout, **arguments)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise Unavailable(f"{method} {path}") from error
        return answer.json() if answer.content else None

    def get(self, path, **params):
        return self.call("GET", path, params=params)

    def post(self, path, body, headers=None):
        return self.call("POST", path, json=body, headers=headers)

    def delete(self, path):
        return self.call("DELETE", path)
