import hashlib
import hmac

from connect_shared.errors import Forbidden
from connect_shared.outbound import session
from connect_shared.secrets_store import get_secret
from connect_shared.settings import settings


class Payments:
    def __init__(self):
        self.base = settings.require("PAYMENTS_URL")
        self.secret = get_secret(settings.require("PAYMENTS_SECRET_ARN"))
        self.http = session()
        self.http.auth = (self.secret["apiKey"], "")

    def _post(self, path, body, key=None):
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.http.post(f"{self.base}/v1/{path}", json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def checkout(self, member_id, plan, return_url):
        return self._post("checkouts", {"reference": member_id, "plan": plan, "returnUrl": return_url})

    def charge(self, payment_id, customer, amount, currency):
        body = {"reference": payment_id, "customer": customer, "amount": amount, "currency": currency}
        return self._post("payments", body, key=payment_id)

    def forget(self, customer):
        answer = self.http.delete(f"{self.base}/v1/customers/{customer}", timeout=10)
        if answer.status_code != 404:
            answer.raise_for_status()

    def verify(self, raw, signature):
        expected = hmac.new(self.secret["webhookSecret"].encode(), raw.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature or ""):
            raise Forbidden("signature")
