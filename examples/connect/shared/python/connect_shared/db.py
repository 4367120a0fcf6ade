from contextlib import contextmanager

import pymysql
import pymysql.cursors

from connect_shared.logs import logger, timed
from connect_shared.secrets_store import forget, get_secret
from connect_shared.settings import settings

log = logger(__name__)

_connection = None


def _open():
    secret = get_secret(settings.database_secret_arn)
    return pymysql.connect(
        host=secret["host"],
        port=int(secret.get("port", 3306)),
        user=secret["username"],
        password=secret["password"],
        database=settings.database_name,
        charset="utf8mb4",
        cursorclass=pymysql.cursors.DictCursor,
        connect_timeout=5,
        autocommit=False,
    )


def connection():
    global _connection
    if _connection is None:
        try:
            _connection = _open()
        except pymysql.err.OperationalError:
            forget(settings.database_secret_arn)
            _connection = _open()
    else:
        _connection.ping(reconnect=True)
    return _connection


class Database:
    def __init__(self, connect=connection):
        self._connect = connect

    @contextmanager
    def transaction(self):
        conn = self._connect()
        try:
            with conn.cursor() as cursor:
                yield cursor
            conn.commit()
        except Exception:
            conn.rollback()
            raise

    def fetch_all(self, sql, args=()):
        with timed(log, "query"), self.transaction() as cursor:
            cursor.execute(sql, args)
            return cursor.fetchall()

    def fetch_one(self, sql, args=()):
        rows = self.fetch_all(sql, args)
        return rows[0] if rows else None

    def execute(self, sql, args=()):
        with timed(log, "statement"), self.transaction() as cursor:
            return cursor.execute(sql, args)

    def insert(self, table, values):
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        return self.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))

    def call(self, procedure, *args):
        marks = ", ".join(["%s"] * len(args))
        with timed(log, "call", procedure=procedure), self.transaction() as cursor:
            cursor.execute(f"CALL {procedure}({marks})", args)
            return cursor.fetchall()


database = Database()
