import pytest

from indexer.sources import read


@pytest.fixture
def read_file(tmp_path, when):
    """What a file of that name and content gives."""

    def read_file(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read([path], **when))

    return read_file
