from __future__ import annotations


class AssayError(Exception):
    """What is wrong, the value and its place, and how to mend it."""

    def __init__(self, what: str, value: str = "", mend: str = ""):
        super().__init__("\n  ".join(part for part in (what, value, mend) if part))
        self.what = what
        self.value = value
        self.mend = mend

    def __reduce__(self):
        return AssayError, (self.what, self.value, self.mend)


class Pruned(Exception):
    """Raised by an objective that stops early because `report` or `should_prune` said so."""


class Interrupted(BaseException):
    """Ends an objective on another thread after Ctrl-C, at its next report."""
