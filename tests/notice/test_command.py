"""`poa notice` through its entry point."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

OWN = Path(__file__).resolve().parents[2] / "fixtures" / "notices"


def poa(*args: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    program = [sys.executable, "-c", "from poa.cli import main; main()"]
    return subprocess.run(
        [*program, "notice", *args], input=stdin, capture_output=True, timeout=60, check=False
    )


def test_json_holds_the_contract_and_nothing_else_stands_on_standard_output() -> None:
    run = poa(str(OWN / "17-restricted-72h-three-parts.txt"), "--received", "2024-03-05", "--json")
    answer = json.loads(run.stdout)
    promised = {
        "violation": "restricted-products",
        "language": "en",
        "marketplace": "amazon.co.uk",
        "received": "2024-03-05",
        "deadline_days": 3,
        "due": "2024-03-08",
        "demands": [
            "A detailed account of the root cause of the violations",
            "Confirmation that you have closed or deleted all restricted listings",
            "The steps you have taken so that this is not repeated",
        ],
        "policies": ["Restricted Products"],
        "urls": ["https://sellercentral.amazon.co.uk/gp/help/200164330"],
        "asins": ["B01VAPEABC"],
        "order_ids": [],
        "case_ids": [],
        "submit": "reply",
    }
    assert (run.returncode, run.stderr) == (0, b"")
    assert {key: answer[key] for key in promised if key != "policies"} == {
        key: value for key, value in promised.items() if key != "policies"
    }
    assert isinstance(answer["policies"], list)


def test_the_summary_is_written_in_chinese_when_asked() -> None:
    run = poa(str(OWN / "07-used-as-new-hints.txt"), "--lang", "zh")
    assert run.returncode == 0
    assert "要求提供" in run.stdout.decode()


def test_standard_input_is_read() -> None:
    run = poa("-", "--json", stdin=(OWN / "18-product-safety-zh.txt").read_bytes())
    assert json.loads(run.stdout)["violation"] == "product-safety"


def test_fraud_ends_with_status_one_and_says_so_in_both_languages() -> None:
    english, chinese = (poa(str(OWN / "28-phishing-fee.txt"), "--lang", lang) for lang in ("en", "zh"))
    assert (english.returncode, chinese.returncode) == (1, 1)
    assert "does not look like a mail from Amazon" in english.stdout.decode()
    assert "索要密码或验证码" in chinese.stdout.decode()


def test_mail_that_is_no_notification_ends_with_status_one() -> None:
    run = poa(str(OWN / "29-newsletter.txt"), "--json")
    assert (run.returncode, json.loads(run.stdout)["notification"]) == (1, False)


def test_unusable_input_ends_with_status_two_and_one_message(tmp_path: Path) -> None:
    pdf = tmp_path / "notice.txt"
    pdf.write_bytes(b"%PDF-1.7 ...")
    for args in (
        (str(pdf),),
        (str(tmp_path / "none.txt"),),
        (str(OWN / "29-newsletter.txt"), "--received", "2024-02-30"),
    ):
        run = poa(*args, "--json")
        assert (run.returncode, run.stdout) == (2, b"")
        assert run.stderr.startswith(b"poa: ") and b"Traceback" not in run.stderr
