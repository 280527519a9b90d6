"""A headless Chromium for the tests that drive the page; where there is none they are skipped with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.reader import Reader

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1440,1000",
)


def _missing() -> str:
    try:
        import selenium  # noqa: F401
    except ModuleNotFoundError:
        return "selenium is not installed: pip install -e '.[dev]'"
    for names in (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)):
        if not any(shutil.which(name) for name in names):
            return f"{names[0]} is not installed: apt-get install chromium chromium-driver"
    return ""


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The browser, started once for all tests."""
    missing = _missing()
    if missing:
        pytest.skip(missing)
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    options.binary_location = next(path for path in found if path)
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(shutil.which("chromedriver"), log_output=os.devnull)
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, the accessibility checker."""
    axe_package = pytest.importorskip("axe_selenium_python", reason="axe-selenium-python is not installed")
    root = Path(str(axe_package.__file__)).parent
    return (root / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def reader(chromium: Any) -> Iterator[Reader]:
    yield Reader(chromium)
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
