"""Pictures of the review page for the README: `make screenshots`, or with a draft polished by a model
`python -m evals.screenshots --model local`.

Needs chromium and chromedriver. The clock of the browser stands still, so that days left are the same each time.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.export.drafts import BRIGHTHOME, large_facts, written_draft

from poa.draft import draft_letter
from poa.facts import load_case
from poa.runs import write_draft

_NOW = "2024-03-14T09:00:00Z"
_CLOCK = f"""
const Real = Date, now = Real.parse("{_NOW}");
globalThis.Date = class extends Real {{ constructor(...a) {{ super(...(a.length ? a : [now])); }} static now() {{ return now; }} }};
"""


@dataclass(frozen=True)
class Shot:
    """One picture: which case, how wide and high, in which look, and what a person did before it."""

    name: str
    case: str
    wide: int = 1440
    high: int = 940
    dark: bool = False
    language: str = "en"
    does: str = ""


_POINT = (
    "const s = document.querySelector('#s-{0}'); s.scrollIntoView({{block: 'center'}}); "
    "s.dispatchEvent(new MouseEvent('click', {{bubbles: true, detail: 1}}));"
)
SHOTS = (
    Shot("review", "small"),
    Shot("review-pointing", "small", does=_POINT.format("A2")),
    Shot("review-zh", "small", language="zh", does=_POINT.format("V1")),
    Shot("review-dark", "small", dark=True, does=_POINT.format("P1")),
    Shot("review-phone", "small", wide=390, high=844, language="zh", does=_POINT.format("A1")),
    Shot("review-large", "large", does=_POINT.format("V12")),
)


def main() -> int:
    """Writes the pictures; 2 where there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--model", default="skeleton", help="the model that polishes the small case")
    chosen = parser.parse_args()
    browser = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if browser is None or shutil.which("chromedriver") is None:
        print("No chromium with chromedriver: apt-get install chromium chromium-driver", file=sys.stderr)
        return 2
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        pages = _pages(Path(temporary), chosen.model)
        driver = _open(browser)
        try:
            for shot in SHOTS:
                content = _take(driver, shot, pages[shot.case])
                _save(content, chosen.out / f"{shot.name}.png")
                print(f"{chosen.out / shot.name}.png")
        finally:
            driver.quit()
    return 0


def _pages(folder: Path, model: str) -> dict[str, Path]:
    case = load_case(BRIGHTHOME)
    write_draft(draft_letter(case, model), folder / "small", BRIGHTHOME)
    return {
        "small": folder / "small" / "review.html",
        "large": written_draft(folder / "case", large_facts()) / "review.html",
    }


def _open(browser: str) -> Any:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync"):  # fmt: skip
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _CLOCK})
    return driver


def _take(driver: Any, shot: Shot, page: Path) -> bytes:
    does: Callable[..., Any] = driver.execute_cdp_cmd
    metrics = {"width": shot.wide, "height": shot.high, "deviceScaleFactor": 1, "mobile": shot.wide < 600}
    does("Emulation.setDeviceMetricsOverride", metrics)
    scheme = "dark" if shot.dark else "light"
    does("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.get(page.resolve().as_uri())
    driver.execute_script(f"document.querySelector('[data-set-lang={shot.language}]').click();")
    if shot.does:
        driver.execute_script(shot.does)
        time.sleep(1)
    return base64.b64decode(does("Page.captureScreenshot", {"format": "png"})["data"])


def _save(content: bytes, path: Path) -> None:
    """Writes the picture with few colours where Pillow is there: a third of the size, and looks the same."""
    path.write_bytes(content)
    try:
        from PIL import Image
    except ModuleNotFoundError:
        return
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
