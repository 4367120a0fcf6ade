import hashlib
import hmac
import json

import pytest


class FakeTasks:
    def __init__(self):
        self.removed = []

    def get(self, payment_id):
        return {"paymentId": payment_id, "taskToken": "token"}

    def remove(self, payment_id):
        self.removed.append(payment_id)


class FakeStepFunctions:
    def __init__(self):
        self.answers = []

    def send_task_success(self, **arguments):
        self.answers.append(("success", arguments["taskToken"]))

    def send_task_failure(self, **arguments):
        self.answers.append(("failure", arguments["error"]))


@pytest.fixture
def webhook(monkeypatch):
    monkeypatch.syspath_prepend("billing")
    for name in ("SUBSCRIPTIONS_TABLE", "PAYMENT_TASKS_TABLE", "PAYMENTS_URL", "PAYMENTS_SECRET_ARN"):
        monkeypatch.setenv(name, "test")
    from billing import payments
    from billing import webhook as module

    monkeypatch.setattr(payments, "get_secret", lambda arn: {"apiKey": "k", "webhookSecret": "w"})
    monkeypatch.setattr(module, "payment_tasks", FakeTasks())
    steps = FakeStepFunctions()
    monkeypatch.setattr(module, "client", lambda name: steps)
    module.steps = steps
    return module


def call(webhook, body, key="w"):
    raw = json.dumps(body)
    signature = hmac.new(key.encode(), raw.encode(), hashlib.sha256).hexdigest()
    return webhook.handler({"body": raw, "headers": {"X-Payments-Signature": signature}}, None)


def test_success(webhook):
    answer = call(webhook, {"type": "payment.succeeded", "data": {"reference": "pay_1", "amount": 500}})
    assert answer["statusCode"] == 204
    assert webhook.steps.answers == [("success", "token")]
    assert webhook.payment_tasks.removed == ["pay_1"]


def test_failure(webhook):
    call(webhook, {"type": "payment.failed", "data": {"reference": "pay_1"}})
    assert webhook.steps.answers == [("failure", "PaymentFailed")]


def test_forged(webhook):
    assert call(webhook, {"type": "payment.failed", "data": {}}, key="x")["statusCode"] == 403


def test_unknown(webhook):
    assert call(webhook, {"type": "customer.updated", "data": {}})["statusCode"] == 202
