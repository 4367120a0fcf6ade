import json
import os

import boto3
import urllib3

from shop.errors import PaymentDeclined
from shop.log import info, timed
from shop.money import cents


class PaymentClient:
    def __init__(self, base_url):
        self.base_url = base_url.rstrip("/")
        self.http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=10), retries=False)
        self.secrets = boto3.client("secretsmanager")
        self._key = None

    @property
    def key(self):
        if self._key is None:
            secret = self.secrets.get_secret_value(SecretId=os.environ["PAYMENT_KEY_ARN"])
            self._key = json.loads(secret["SecretString"])["key"]
        return self._key

    def post(self, path, payload, idempotency_key):
        answer = self.http.request(
            "POST",
            f"{self.base_url}/{path}",
            body=json.dumps(payload),
            headers={"authorization": f"Bearer {self.key}", "idempotency-key": idempotency_key},
        )
        if answer.status == 402:
            raise PaymentDeclined(payload["reference"])
        if answer.status >= 400:
            raise RuntimeError(f"payment API answered {answer.status}")
        return json.loads(answer.data)


client = PaymentClient(os.environ["PAYMENT_API_URL"])


@timed
def charge(job, context):
    payload = {"amount": cents(job["total"]), "currency": "EUR", "reference": job["orderId"]}
    charged = client.post("charges", payload, idempotency_key=job["orderId"])
    info("charged", orderId=job["orderId"], charge=charged["id"])
    return {"chargeId": charged["id"]}
