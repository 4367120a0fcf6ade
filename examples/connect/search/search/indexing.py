from connect_shared import queue

from search.engine import Engine


def apply(message):
    engine = Engine()
    if message["action"] == "delete":
        engine.delete(message["document"])
    else:
        engine.put(message["document"])


def handler(event, context):
    return queue.consume(event, apply)
