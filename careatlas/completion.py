"""Completion of a typed line by Tab, where the terminal's library for lines is there."""

from types import TracebackType


class completing:  # noqa: N801 - reads as a phrase where it is used
    """While it lasts, Tab completes to the options, and the line begins with a value."""

    def __init__(self, options: list[str], value: str) -> None:
        self.options = options
        self.value = value

    def __enter__(self) -> None:
        """Begin."""
        try:
            import readline
        except ImportError:  # a Python without it reads plain lines, which is enough
            return
        readline.set_completer(self._complete)
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")
        if self.value:
            readline.set_startup_hook(lambda: readline.insert_text(self.value))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        try:
            import readline
        except ImportError:
            return
        readline.set_completer(None)
        readline.set_startup_hook(None)

    def _complete(self, typed: str, state: int) -> str | None:
        wanted = typed.casefold()
        found = [option for option in self.options if option.casefold().startswith(wanted)]
        found = found or [
            option for option in self.options if wanted and wanted in option.casefold()
        ]
        return found[state] if state < len(found) else None
