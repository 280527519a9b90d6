"""The report of an eval in a real browser: its filters work, and it asks for nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evals.builders import by_model, good, poor, suite_file
from tests.evals.test_run import Command, own_cache, poa
from tests.fake_server import FakeServer

__all__ = ["own_cache", "poa"]

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tmp_path: Path, poa: Command) -> Path:
    with FakeServer(by_model(good=good, poor=poor)) as server:
        assert poa("eval", "run", suite_file(tmp_path, server.base_url), "-o", tmp_path / "run") == 0
    assert poa("eval", "report", tmp_path / "run") == 0
    return tmp_path / "run" / "report.html"


def test_nothing_is_asked_for_and_nothing_is_complained_of(chromium: Any, page: Path) -> None:
    chromium.get_log("performance")
    chromium.get_log("browser")
    chromium.get(page.as_uri())
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert asked == [page.as_uri()]
    assert chromium.get_log("browser") == []


def test_filters_leave_what_differs_and_what_failed(chromium: Any, page: Path) -> None:
    chromium.get(page.as_uri())

    def shown() -> list[str]:
        script = "return [...document.querySelectorAll('.passage')].filter(p => p.offsetParent).map(p => p.className)"
        return list(chromium.execute_script(script))

    every = shown()
    chromium.find_element("id", "only-differ").click()
    assert shown() == [name for name in every if "differs" in name]
    chromium.find_element("id", "only-differ").click()
    chromium.find_element("id", "only-fail").click()
    failed = shown()
    assert failed == [name for name in every if "fails" in name]
    assert 0 < len(failed) < len(every)


def test_the_page_is_no_wider_than_a_phone(chromium: Any, page: Path) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    chromium.get(page.as_uri())
    wide = chromium.execute_script("return document.documentElement.scrollWidth")
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= 390
