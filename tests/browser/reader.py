"""A person at the browser, for the tests of the pages."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any


class Reader:
    """A person in front of the page."""

    def __init__(self, chromium: Any) -> None:
        self.chromium = chromium

    def opens(self, page: Path, wide: int = 1440, high: int = 1000, dark: bool = False) -> None:
        self.chromium.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": wide < 600},
        )
        self.looks(dark=dark)
        self.chromium.get_log("browser")
        self.chromium.get_log("performance")
        self.chromium.get(page.resolve().as_uri())
        self.runs("localStorage.clear(); document.querySelector('[data-set-lang=en]').click()")

    def looks(self, media: str = "", dark: bool = False) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})

    def runs(self, script: str, *values: object) -> Any:
        return self.chromium.execute_script(script, *values)

    def lit(self) -> set[str]:
        return set(self.runs("return [...document.querySelectorAll('.say.lit')].map(e => e.dataset.item)"))

    def finds(self, selector: str) -> Any:
        return self.chromium.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        """What each such element shows in the page's language, without what is only said aloud."""
        return list(
            self.runs(
                "const other = document.documentElement.dataset.lang === 'zh' ? 'en' : 'zh';"
                "return [...document.querySelectorAll(arguments[0])].map(e => { const c = e.cloneNode(true);"
                "for (const gone of c.querySelectorAll(`.hush, .t[lang|=${other}]`)) gone.remove();"
                "return c.textContent.replace(/\\s+/g, ' ').trim(); })",
                selector,
            )
        )

    def in_sight(self, selector: str) -> bool:
        return bool(
            self.runs(
                "const r = document.querySelector(arguments[0]).getBoundingClientRect();"
                "return r.bottom > 0 && r.top < innerHeight",
                selector,
            )
        )

    def waits_for(self, selector: str) -> None:
        until = time.monotonic() + 3
        while not self.in_sight(selector) and time.monotonic() < until:
            time.sleep(0.05)
        assert self.in_sight(selector), selector

    def shown(self, selector: str) -> bool:
        return bool(self.runs("return document.querySelector(arguments[0]).checkVisibility()", selector))

    def keys(self, *names: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.chromium).send_keys(*names).perform()

    def faults(self, axe: str) -> list[str]:
        """What axe-core, whose source this is, has against the page as it stands."""
        self.runs(axe)
        found: list[str] = self.chromium.execute_async_script(
            "const done = arguments[0];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.map("
            "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' | ' + n.failureSummary).join('; '))))"
        )
        return found

    def requests(self) -> list[str]:
        """What the page asked a network for since it was opened."""
        asked = [entry["message"] for entry in self.chromium.get_log("performance")]
        sent = [m for m in asked if '"Network.requestWillBeSent"' in m]
        return [m for m in sent if '"url":"http' in m or '"url":"//' in m]
