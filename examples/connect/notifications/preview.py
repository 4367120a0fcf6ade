import argparse
import json
import sys
from pathlib import Path

import boto3

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "shared" / "python")]

from notifications.templates import BODIES, render  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("template", choices=sorted(BODIES))
    parser.add_argument("--values", type=json.loads, default={})
    parser.add_argument("--to")
    arguments = parser.parse_args()
    subject, body = render(arguments.template, arguments.values)
    print(subject, body, sep="\n\n")
    if arguments.to:
        boto3.client("ses").send_email(
            Source=arguments.to,
            Destination={"ToAddresses": [arguments.to]},
            Message={"Subject": {"Data": subject}, "Body": {"Text": {"Data": body}}},
        )


if __name__ == "__main__":
    main()
