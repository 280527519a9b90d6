"""Pictures of the pages for the README: `make screenshots`, `make screenshots MODEL=local` for a letter that the
embedded model polished, or `python -m evals.screenshots --draft DIR` for one that is at hand. With `--report PAGE`
the picture of an eval's report is made, and no other.

Needs chromium and chromedriver. The clock of the browser stands still, so that days left are the same each time.
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.export.drafts import BRIGHTHOME, large_facts, written_draft

from poa.draft import draft_letter
from poa.export.compare import compare_proofs
from poa.export.diff import render_diff
from poa.export.proof import prove_folder
from poa.export.review import render_review
from poa.facts import load_case
from poa.runs import load_draft, write_draft

_NOW = "2024-03-14T09:00:00Z"
_TODAY = dt.date(2024, 3, 14)
# What somebody who makes a letter "nicer" does to it: each pair is tried, whatever model worded the letter.
_NICER = (
    ("customer service agent asked the buyer", "customer service agent may have asked the buyer"),
    ("412", "421"),
    ("For this conduct,", "We have always been a loyal partner of Amazon. For this conduct,"),
)
# What the notification of the large case asks, as one that a seller received did.
_DEMANDS = [
    "All methods that you used to obtain prohibited customer reviews, with dates",
    "Contact information of each third party that you engaged to obtain reviews",
    "The customer accounts that were used for prohibited customer reviews",
    "The root cause of the review manipulation",
    "The actions you have taken to resolve the issue",
    "The steps you have taken to prevent review manipulation in the future",
]
_CLOCK = f"""
const Real = Date, now = Real.parse("{_NOW}");
globalThis.Date = class extends Real {{ constructor(...a) {{ super(...(a.length ? a : [now])); }} static now() {{ return now; }} }};
"""


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how wide and high, in which look, and what a person clicked at before it.

    An empty `language` is for a page that has only one.
    """

    name: str
    case: str
    wide: int = 1440
    high: int = 940
    dark: bool = False
    language: str = "en"
    points: str = ""


SHOTS = (
    Shot("review", "small"),
    Shot("review-pointing", "small", points="#s-A2"),
    Shot("review-zh", "small", language="zh", points="#s-V1"),
    Shot("review-dark", "small", dark=True, points="#s-P1"),
    Shot("review-phone", "small", wide=390, high=844, language="zh", points="#s-A1"),
    Shot("review-large", "large", points="#s-V12"),
    Shot("diff", "diff"),
    Shot("diff-zh", "diff", dark=True, language="zh"),
    Shot("eval", "eval", wide=1280, high=1240, language=""),
)


def main() -> int:
    """Writes the pictures; 2 where there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--model", default="skeleton", help="the model that polishes the small case")
    parser.add_argument(
        "--draft", type=Path, help="a finished draft of the small case, instead of drafting it"
    )
    parser.add_argument("--report", type=Path, help="a page of `poa eval report`: only its picture is made")
    chosen = parser.parse_args()
    browser = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if browser is None or shutil.which("chromedriver") is None:
        print("No chromium with chromedriver: apt-get install chromium chromium-driver", file=sys.stderr)
        return 2
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        pages = (
            {"eval": chosen.report} if chosen.report else _pages(Path(temporary), chosen.model, chosen.draft)
        )
        driver = _open(browser)
        try:
            for shot in (shot for shot in SHOTS if shot.case in pages):
                content = _take(driver, shot, pages[shot.case])
                _save(content, chosen.out / f"{shot.name}.png")
                print(f"{chosen.out / shot.name}.png")
        finally:
            driver.quit()
    return 0


def _pages(folder: Path, model: str, draft: Path | None) -> dict[str, Path]:
    """The pages by case: the small one, a large one, and the small letter beside a nicer one."""
    if draft is None:
        draft = folder / "draft"
        write_draft(draft_letter(load_case(BRIGHTHOME), model), draft, BRIGHTHOME)
    finished = load_draft(draft)
    proof = prove_folder(finished)
    nicer = finished.text
    for old, new in _NICER:
        nicer = nicer.replace(old, new, 1)
    compared = compare_proofs(proof, prove_folder(replace(finished, text=nicer)))
    facts = large_facts()
    facts["notice"]["demands"] = _DEMANDS
    written = {
        "small": render_review(proof, _TODAY),
        "large": render_review(prove_folder(load_draft(written_draft(folder / "case", facts))), _TODAY),
        "diff": render_diff(compared, ("draft", "nicer.txt")),
    }
    pages = {}
    for name, page in written.items():
        pages[name] = folder / f"{name}.html"
        pages[name].write_text(page, encoding="utf-8")
        print(f"{name}: {len(page.encode()):,} bytes")
    return pages


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
    took = "const n = performance.getEntriesByType('navigation')[0]; return n.loadEventEnd - n.startTime"
    print(f"{shot.name}: opened in {driver.execute_script(took):.0f} ms")
    if shot.language:
        driver.execute_script(f"document.querySelector('[data-set-lang={shot.language}]').click();")
    if shot.points:
        # A click of the mouse: one that a script makes is taken for a key's, which moves the focus and rings it.
        element = driver.find_element("css selector", shot.points)
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
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
