"""A stop under load loses no answer and no row."""

import http.client
import json
import sqlite3
import tempfile
import threading
import time
import unittest
from pathlib import Path

from whatsit import Whatsit, release

CLIENTS = 16
ANSWERS_BEFORE_THE_STOP = 5


class Client(threading.Thread):
    """Sends requests without a pause until connections are refused. An established connection has to be answered."""

    def __init__(self, number: int, server: Whatsit):
        super().__init__()
        self.number, self.server = number, server
        self.answers: list[tuple[float, str]] = []  # when, and the id of the verdict
        self.warm = threading.Event()
        self.failure: Exception | None = None

    def run(self):
        try:
            while (connection := self._connection()) is not None:
                self._talk(connection)
        except Exception as failure:  # reported by the test, with all the others
            self.failure = failure
        finally:
            self.warm.set()

    def _connection(self) -> http.client.HTTPConnection | None:
        try:
            return self.server.connect()
        except OSError:
            return None

    def _talk(self, connection: http.client.HTTPConnection):
        """Until the server says `Connection: close`, which http.client obeys by dropping the socket."""
        while connection.sock is not None:
            # Unlike any other content, so that no cache can answer.
            content = f"client = {self.number}\nrequest = {len(self.answers)}\n".encode() * 40
            connection.request("POST", "/api/identify", content)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise AssertionError(f"{response.status}: {body!r}")
            self.answers.append((time.monotonic(), json.loads(body)["id"]))
            if len(self.answers) == ANSWERS_BEFORE_THE_STOP:
                self.warm.set()


class CleanStop(unittest.TestCase):
    def test_sigterm_under_load_loses_no_answer_and_closes_the_database(self):
        with tempfile.TemporaryDirectory() as folder, Whatsit([release()], Path(folder)) as server:
            clients = [Client(number, server) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.warm.wait()
            asked_to_stop = time.monotonic()
            server.signal_stop()
            for client in clients:
                client.join()
            self.assertEqual(server.ended(), 0, server.text())

            self.assertEqual([client.failure for client in clients if client.failure], [])
            answers = [answer for client in clients for answer in client.answers]
            late = [identity for when, identity in answers if when > asked_to_stop]
            self.assertTrue(late, "nothing was in flight when the stop began, so nothing was shown")
            self._expect_rows(Path(folder), {identity for _, identity in answers})

    def _expect_rows(self, folder: Path, answered: set[str]):
        # SQLite removes its write-ahead log when the last connection closes.
        self.assertEqual([path.name for path in folder.iterdir()], ["whatsit.db"])
        database = sqlite3.connect(folder / "whatsit.db")
        try:
            rows = {identity for (identity,) in database.execute("SELECT id FROM identifications")}
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        finally:
            database.close()
        self.assertEqual(rows, answered)


if __name__ == "__main__":
    unittest.main()
