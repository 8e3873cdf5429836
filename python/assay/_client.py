from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import threading
import weakref
from typing import Any, Deque, List, Mapping, Optional

from ._errors import AssayError


def _plain(value: Any) -> Any:
    for convert in ("item", "tolist"):
        if hasattr(value, convert):
            return getattr(value, convert)()
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    return str(value)


_encode = json.JSONEncoder(default=_plain, separators=(",", ":")).encode


def dumps(request: Any) -> bytes:
    return _encode(request).encode()


def loads(answer: bytes, service: str, mend: str) -> Any:
    """service: who answered, for the error where that is nobody of ours."""
    try:
        return json.loads(answer.decode())
    except ValueError as error:
        raise AssayError("This is no service of Assay.", f"{service}: {answer[:80]!r}", mend) from error


def checked(answer: Any) -> Any:
    error = answer.get("error") if isinstance(answer, dict) else None
    if error:
        raise AssayError(error["what"], error["value"], error["mend"])
    return answer


class Client:
    """Sends requests, one at a time for each caller, and returns their answers."""

    def exchange(self, request: Any) -> Any:
        raise NotImplementedError

    def send(self, request: Mapping[str, Any]) -> Any:
        return checked(self.exchange(request))

    def open(self, definition: Mapping[str, Any]) -> Any:
        """Names the study, unless there is one already; who serves it."""
        hello = self.send({"study": definition} if definition else {"hello": {}})
        if not isinstance(hello, dict):
            raise AssayError("This is no service of Assay.", f"it answered {hello!r:.80}", "Look at what answers there.")
        return hello

    def send_all(self, requests: List[Mapping[str, Any]]) -> List[Any]:
        """The answers to several requests, errors among them, in one exchange."""
        if len(requests) == 1:
            return [self.exchange(requests[0])]
        return self.exchange(requests)

    def close(self) -> None:
        raise NotImplementedError


class StdioClient(Client):
    """A service of this process alone: a JVM that ends when it does.

    Answers come in the order of requests. An exchange that Ctrl-C breaks off is finished by the next one: its answer is
    read and dropped then, and trials that it brought are given back."""

    def __init__(self, command: List[str]):
        self._pid = os.getpid()
        self._command = command[0]
        self._lock = threading.Lock()
        self._received = bytearray()
        self._owed: Deque[bool] = collections.deque()
        self._errors: Deque[str] = collections.deque(maxlen=40)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for this process: the service must live to keep what is known
            )
        except OSError as error:
            raise AssayError("Assay cannot be started.", f"{command[0]}: {error}", "Look at its permissions.") from error
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._in = self._process.stdin.fileno()
        self._out = self._process.stdout.fileno()
        self._reader = threading.Thread(target=_listen, args=(self._process.stderr, self._errors), daemon=True)
        self._reader.start()
        self._finalizer = weakref.finalize(self, _end, self._process, self._pid)
        _open.add(self)

    def exchange(self, request: Any) -> Any:
        if os.getpid() != self._pid:
            raise AssayError(
                "The study belongs to the process that opened it.",
                f"process {os.getpid()}, forked from {self._pid}",
                "Ask and tell there; or start `assay serve FILE --socket PATH` and give every process server=.",
            )
        line = dumps(request) + b"\n"
        with self._lock:
            while self._owed:
                self._settle()
            try:
                self._write(line)
                self._owed.append(b'"ask"' in line)
                answer = self._read()
                self._owed.popleft()
            except (BrokenPipeError, EOFError, ValueError) as error:
                self._owed.clear()
                raise self._gone() from error
        return self._loads(answer)

    def _loads(self, answer: bytes) -> Any:
        return loads(answer, self._command, "Give the command assay, of this version.")

    def _write(self, line: bytes) -> None:
        sent = 0
        interrupt: Optional[BaseException] = None
        while sent < len(line):
            try:
                sent += os.write(self._in, line[sent:])
            except KeyboardInterrupt as error:
                interrupt = error  # half a line would spoil the next one
        if interrupt is not None:
            self._owed.append(b'"ask"' in line)
            raise interrupt

    def _read(self) -> bytes:
        while True:
            end = self._received.find(b"\n")
            if end >= 0:
                line = bytes(self._received[:end])
                del self._received[: end + 1]
                return line
            more = os.read(self._out, 1 << 16)
            if not more:
                raise EOFError
            self._received += more

    def _settle(self) -> None:
        """Drops an answer that nobody waits for."""
        try:
            answer = self._loads(self._read())
            asked = self._owed.popleft()
            if asked:
                for one in answer if isinstance(answer, list) else [answer]:
                    for trial in one.get("trials", ()):
                        self._write(dumps({"cancel": {"id": trial["id"]}}) + b"\n")
                        self._owed.append(False)
        except (BrokenPipeError, EOFError) as error:
            self._owed.clear()
            raise self._gone() from error

    def _gone(self) -> AssayError:
        if self._finalizer.alive:
            try:
                code = str(self._process.wait(5))
            except subprocess.TimeoutExpired:
                code = "none yet"
            self._reader.join(1)
            said = "\n    ".join(self._errors)
            return AssayError(
                "Assay has ended.",
                f"exit status {code}" + (f"; it said:\n    {said}" if said else ""),
                "What was told before is kept. Open the study again under its name to go on.",
            )
        return AssayError("The study is closed.", "", "Open it again under its name to go on.")

    def close(self) -> None:
        with self._lock:
            self._finalizer()

    def _forget(self) -> None:
        """In a forked child: the service must see its end when the parent ends."""
        self._finalizer.detach()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                stream.close()  # type: ignore[union-attr]
            except OSError:
                pass
        self._process.returncode = 0  # it is no child of this process
        self._lock = threading.Lock()


_open: "weakref.WeakSet[StdioClient]" = weakref.WeakSet()


def _after_fork() -> None:
    for client in list(_open):
        client._forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _listen(stream: Any, errors: Deque[str]) -> None:
    shown = bool(os.environ.get("ASSAY_LOG"))
    with stream:
        for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip()
            if "incubator module" in line:
                continue
            errors.append(line)
            if shown or line.startswith("assay: "):  # the first start after a checkout builds, which takes a minute
                print(line, file=sys.stderr, flush=True)


def _end(process: "subprocess.Popen[bytes]", pid: int) -> None:
    if os.getpid() != pid:
        return
    for stream in (process.stdin, process.stdout):
        try:
            stream.close()  # type: ignore[union-attr]
        except OSError:
            pass
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.terminate()
