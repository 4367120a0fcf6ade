import os
from string import Template

import boto3

CHARSET = "UTF-8"


class Mailer:
    def __init__(self, sender):
        self.sender = sender
        self._ses = None

    @property
    def ses(self):
        if self._ses is None:
            self._ses = boto3.client("ses")
        return self._ses

    def send(self, to, subject, text):
        self.ses.send_email(
            Source=self.sender,
            Destination={"ToAddresses": [to]},
            Message={
                "Subject": {"Data": subject, "Charset": CHARSET},
                "Body": {"Text": {"Data": text, "Charset": CHARSET}},
            },
        )


def default_mailer():
    return Mailer(os.environ["SENDER"])


def fill(template, **values):
    return Template(template).safe_substitute(values)
