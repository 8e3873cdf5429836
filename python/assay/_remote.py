from __future__ import annotations

import http.client
import os
import socket
import threading
import urllib.parse
from typing import Any, Dict, Mapping, Optional

from ._client import Client, checked, dumps, loads
from ._errors import AssayError

# A service that does not answer by then is not waited for.
LEAVING_SECONDS = 5


def connect(server: str, token: Optional[str]) -> Client:
    """A client of `unix:PATH` or of a URL."""
    return SocketClient(server[len("unix:") :]) if server.startswith("unix:") else HttpClient(server, token)


class SocketClient(Client):
    """A service at a Unix socket. Each thread, and each process after a fork, has a connection of its own."""

    def __init__(self, path: str):
        if not hasattr(socket, "AF_UNIX"):
            raise AssayError("There are no Unix sockets here.", path, "Serve with --port, and give its URL.")
        self._at = os.path.abspath(path)
        self._definition: Dict[str, Any] = {}
        self._local = threading.local()
        self._sockets: Dict[Any, int] = {}

    def open(self, definition: Mapping[str, Any]) -> Any:
        hello = super().open(definition)
        self._definition = {key: value for key, value in definition.items() if key != "fresh"}
        return hello

    def _connected(self) -> Any:
        local = self._local
        if getattr(local, "pid", None) != os.getpid():
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(self._at)
            except OSError as error:
                connection.close()
                raise AssayError(
                    "Nobody serves there.", f"unix:{self._at}: {error}", "Start `assay serve FILE --socket PATH`."
                ) from error
            local.pid, local.socket, local.lines = os.getpid(), connection, connection.makefile("rb")
            self._sockets[connection] = local.pid
            if self._definition:
                checked(self._talk({"study": self._definition}))
        return local

    def _talk(self, request: Any) -> Any:
        local = self._local
        try:
            local.socket.sendall(dumps(request) + b"\n")
            line = local.lines.readline()
            if not line.endswith(b"\n"):
                raise EOFError("the connection was closed")
            return loads(line, f"unix:{self._at}", "Give the path that assay serve prints.")
        except (OSError, EOFError) as error:
            self._drop()
            raise AssayError(
                "The service has ended.", f"unix:{self._at}: {error!r}", "What was told before is kept. Start it again, and go on."
            ) from error
        except BaseException:  # its answer would be taken for the next one's
            self._drop()
            raise

    def exchange(self, request: Any) -> Any:
        self._connected()
        return self._talk(request)

    def _drop(self) -> None:
        local = self._local
        local.pid = None
        local.lines.close()
        local.socket.close()
        self._sockets.pop(local.socket, None)

    def close(self) -> None:
        self._local = threading.local()
        for connection, pid in list(self._sockets.items()):
            if pid == os.getpid():
                _leave(connection)
        self._sockets.clear()


def _leave(connection: socket.socket) -> None:
    """Ends a connection, and waits until the service has let go of what it held: whoever comes next may begin anew."""
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LEAVING_SECONDS)
        while connection.recv(4096):
            pass
    except OSError:  # it is gone already, or takes too long
        pass
    connection.close()


class HttpClient(Client):
    """A service that others may use too. Each thread, and each process after a fork, has a connection of its own."""

    def __init__(self, url: str, token: Optional[str]):
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port
        except ValueError:  # a port that is none, brackets without an end
            parts, port = urllib.parse.urlsplit(""), None
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or parts.netloc.endswith(":"):
            raise AssayError("This is no URL of a service.", url, "Give one such as http://127.0.0.1:8080/.")
        self._url = url
        self._connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._path = parts.hostname, port, parts.path or "/"
        self._headers = {"Content-Type": "application/json"}
        token = token or os.environ.get("ASSAY_TOKEN")
        if token:
            self._headers["Authorization"] = "Bearer " + token
        self._local = threading.local()
        self._connections: Dict[Any, int] = {}

    def open(self, definition: Mapping[str, Any]) -> Any:
        hello = super().open(definition)
        if definition:
            self._path = self._path.rstrip("/") + "/studies/" + urllib.parse.quote(hello["study"]["name"], safe="")
        return hello

    def exchange(self, request: Any) -> Any:
        body = dumps(request)
        for attempt in (0, 1):
            connection = getattr(self._local, "connection", None)
            fresh = connection is None or self._local.pid != os.getpid()
            if fresh:
                connection = self._connect(self._host, self._port)
                self._local.connection, self._local.pid = connection, os.getpid()
                self._connections[connection] = os.getpid()
            try:
                connection.request("POST", self._path, body, self._headers)
                text = connection.getresponse().read()
                break
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._connections.pop(connection, None)
                self._local.connection = None
                if fresh or attempt or not isinstance(error, (ConnectionError, http.client.RemoteDisconnected)):
                    raise AssayError(
                        "The service does not answer.", f"{self._url}: {error!r}", "Start it with assay serve FILE --port P."
                    ) from error
            except BaseException:  # its answer would be taken for the next one's
                connection.close()
                self._connections.pop(connection, None)
                self._local.connection = None
                raise
        return loads(text, self._url, "Give the URL that assay serve prints.")

    def close(self) -> None:
        self._local = threading.local()
        for connection, pid in list(self._connections.items()):
            if pid == os.getpid():
                connection.close()
        self._connections.clear()
