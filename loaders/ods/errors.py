"""What can be wrong with a whole file of the register."""


class NotOfRegisterError(ValueError):
    """A file that is nothing of the ODS register."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"{self.file} is no file of the ODS register: {self.reason}; give its reports "
            "as CSV or XLSX, the JSON of its services or its XML, also in ZIP files"
        )


class UnsoundFileError(ValueError):
    """A file that is damaged, cut off, or made to do harm; nothing of it is taken."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason

    def __str__(self) -> str:
        return " ".join(f"{self.file}: {self.reason}".split())
