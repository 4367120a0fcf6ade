import requests

from connect_shared.logs import logger

GEOCODER = "https://geo.example.org"

log = logger(__name__)


def locate(address):
    if not address:
        return None
    try:
        answer = requests.get(f"{GEOCODER}/v2/search", params={"q": address, "limit": 1}, timeout=4)
        answer.raise_for_status()
    except requests.RequestException:
        log.warning("no position", extra={"fields": {"address": address}})
        return None
    places = answer.json().get("places", [])
    if not places:
        return None
    return {"latitude": places[0]["lat"], "longitude": places[0]["lon"], "label": places[0]["label"]}
