"""A client as it should be, in a process of its own so that no other client delays it: `honest.py PORT tls|plain`.
It asks in turn until its input ends, and prints what it has seen, as JSON."""

import http.client
import json
import select
import ssl
import sys
import time

PAUSE = 0.01  # seconds between requests
RECONNECTED = 200  # requests, after which a connection is made anew
PATIENCE = 10  # seconds until a request counts as unanswered


def connect(port: int, is_secure: bool) -> http.client.HTTPConnection:
    if not is_secure:
        return http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("localhost", port, timeout=PATIENCE, context=context)


def main():
    port, is_secure, file = int(sys.argv[1]), sys.argv[2] == "tls", sys.argv[3]
    paths = ["/", file, "/api/identifications?limit=5", "/readyz"]
    connection, took, errors, number = connect(port, is_secure), [], [], 0
    lengths: dict[str, int] = {}
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        path = paths[number % len(paths)]
        number += 1
        began = time.monotonic()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            is_whole = path.startswith("/api") or len(body) == lengths.setdefault(path, len(body))
            if response.status != 200 or not is_whole:
                errors.append(f"{path}: {response.status}, {len(body)} bytes")
        except (OSError, http.client.HTTPException) as error:
            errors.append(f"{path}: {error!r}")
            connection.close()
        took.append((time.monotonic() - began) * 1000)
        if number % RECONNECTED == 0:
            connection.close()
    took.sort()
    at = {f"{share:g}": took[min(len(took) - 1, int(len(took) * share / 100))] for share in (50, 99, 99.9, 100)}
    json.dump({"requests": number, "errors": errors, "took": at}, sys.stdout)


if __name__ == "__main__":
    main()
