import argparse
import json
import re
from pathlib import Path

import boto3
import pymysql

HERE = Path(__file__).parent
ORDER = ("*.sql", "functions/*.sql", "procedures/*.sql")
CREATED = re.compile(r"CREATE (PROCEDURE|FUNCTION) (\w+)")


def statements(text):
    delimiter = ";"
    current = []
    for line in text.splitlines():
        if line.startswith("DELIMITER "):
            delimiter = line.split()[1]
            continue
        if line.rstrip().endswith(delimiter):
            current.append(line.rstrip()[: -len(delimiter)])
            yield "\n".join(current).strip()
            current = []
        else:
            current.append(line)


def run(cursor, path):
    for statement in statements(path.read_text()):
        created = CREATED.match(statement)
        if created:
            cursor.execute(f"DROP {created[1]} IF EXISTS {created[2]}")
        cursor.execute(statement.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--host")
    arguments = parser.parse_args()
    answer = boto3.client("secretsmanager").get_secret_value(SecretId=f"connect/{arguments.stage}/database")
    secret = json.loads(answer["SecretString"])
    connection = pymysql.connect(
        host=arguments.host or secret["host"],
        user=secret["username"],
        password=secret["password"],
        database="connect",
    )
    with connection, connection.cursor() as cursor:
        for pattern in ORDER:
            for path in sorted(HERE.glob(pattern)):
                print(path.relative_to(HERE))
                run(cursor, path)
        connection.commit()


if __name__ == "__main__":
    main()
