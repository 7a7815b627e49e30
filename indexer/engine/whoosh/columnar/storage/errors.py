"""The one error of the columnar index format."""


class CorruptIndex(Exception):
    """A file of the index is truncated, foreign, damaged or of another format version.

    ``str(error)`` names the file and what is wrong with it in one line. Nothing that was read before the error is
    wrong: every byte is checked against its checksum before it is used.
    """
