"""However a notification was pasted, the same demands are read from it."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from poa.notice import read_notice

OWN = Path(__file__).resolve().parents[2] / "fixtures" / "notices"
BULLET = re.compile(r"^(\s*)(?:--|[-–—*•])\s*(?=\S)")


def with_mark(mark: str) -> Callable[[str], str]:
    return lambda text: "\n".join(BULLET.sub(rf"\g<1>{mark} ", line) for line in text.split("\n"))


def with_numbers(form: str) -> Callable[[str], str]:
    def numbered(text: str) -> str:
        out: list[str] = []
        count = 0
        for line in text.split("\n"):
            bullet = BULLET.match(line)
            count = count + 1 if bullet else count if not line.strip() else 0
            out.append(f"{bullet.group(1)}{form.format(count)} {line[bullet.end() :]}" if bullet else line)
        return "\n".join(out)

    return numbered


def broken_at(width: int) -> Callable[[str], str]:
    def broken(text: str) -> str:
        lines = (
            textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
            for line in text.split("\n")
        )
        return "\n".join("\n".join(line) for line in lines)

    return broken


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def as_html(text: str) -> str:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    return f"<html><head><style>p {{color: red}}</style></head><body>{body}</body></html>"


def line_by_line(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(change(line) for line in text.split("\n"))


LAYOUTS: dict[str, Callable[[str], str]] = {
    "stars": with_mark("*"),
    "hyphens": with_mark("-"),
    "double hyphens": with_mark("--"),
    "en dashes": with_mark("–"),
    "bullets": with_mark("•"),
    "1.": with_numbers("{}."),
    "1)": with_numbers("{})"),
    "(1)": with_numbers("({})"),
    "indented": line_by_line(lambda line: "    " + line),
    "quoted mail": line_by_line(lambda line: "> " + line),
    "forum pluses": line_by_line(lambda line: f"+{line}+"),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "no blank lines": lambda text: re.sub(r"\n\s*\n", "\n", text),
    "broken at 76": broken_at(76),
}
# Notices whose lists every layout keeps: those with marks of their own and stops between the items.
STEADY = (
    "07-used-as-new-hints",
    "11-forged-one-of-the-following",
    "16-drop-shipping-error-route",
    "17-restricted-72h-three-parts",
    "20-identity-30-days-email",
    "23-fraud-sentence",
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("stem", STEADY)
def test_another_layout_changes_no_demand(stem: str, layout: str) -> None:
    text = (OWN / f"{stem}.txt").read_text("utf-8")
    label = json.loads((OWN / f"{stem}.json").read_text("utf-8"))
    notice = read_notice(LAYOUTS[layout](text))
    assert [d.strip(" .") for d in notice.demands] == [d.strip(" .") for d in label["demands"]]
    assert (notice.violation, notice.deadline_days, notice.submit) == (
        label["violation"],
        label["deadline_days"],
        label["submit"],
    )


@pytest.mark.parametrize("layout", [on_one_line, as_html])
@pytest.mark.parametrize(
    "stem", ["11-forged-one-of-the-following", "16-drop-shipping-error-route", "23-fraud-sentence"]
)
def test_a_notice_without_line_breaks_keeps_its_demands(stem: str, layout: Callable[[str], str]) -> None:
    text = (OWN / f"{stem}.txt").read_text("utf-8")
    label = json.loads((OWN / f"{stem}.json").read_text("utf-8"))
    assert [d.strip(" .") for d in read_notice(layout(text)).demands] == [
        d.strip(" .") for d in label["demands"]
    ]


def demands_of(*lines: str) -> tuple[str, ...]:
    return read_notice("Your Amazon account was deactivated.\n" + "\n".join(lines)).demands


def test_prohibited_conduct_in_bullets_is_no_demand() -> None:
    assert (
        demands_of("Our policies prohibit activities such as:", "- buying reviews", "- paying for reviews")
        == ()
    )


def test_policy_links_in_bullets_are_no_demand() -> None:
    links = (
        "- Condition Guidelines (https://sellercentral.amazon.com/gp/help/1)",
        "- Product Detail Page Rules",
    )
    assert demands_of("Learn more about our policies in Seller Central Help:", *links) == ()


def test_code_of_conduct_rules_are_no_demand() -> None:
    assert demands_of("All sellers must:", "- Provide accurate information", "- Send orders on time") == ()


def test_hints_for_the_plan_are_no_demand() -> None:
    asked = ("Please send a plan of action that explains:", "- The root cause", "- The steps you took")
    hints = (
        "Here are a few things to consider as you create your plan:",
        "- Training: Do you train your staff?",
    )
    assert demands_of(*asked, *hints) == ("The root cause", "The steps you took")


def test_a_numbered_list_goes_on_after_a_remark() -> None:
    lines = (
        "Please provide the following:",
        "1) Invoices of the last 365 days",
        "Prices may be blacked out.",
        "2) A letter from your supplier",
    )
    assert demands_of(*lines) == ("Invoices of the last 365 days", "A letter from your supplier")


def test_a_single_content_stays_with_its_plan() -> None:
    assert demands_of("Please send us a plan explaining how you will lower your late shipment rate.") == (
        "a plan explaining how you will lower your late shipment rate",
    )


def test_two_contents_of_one_sentence_are_two_demands() -> None:
    assert demands_of(
        "Submit a plan of action that explains how this happened and the steps you have taken."
    ) == (
        "how this happened",
        "the steps you have taken",
    )


def test_two_traits_of_one_thing_stay_together() -> None:
    assert demands_of("Please give us the name of the account that was closed and the date of closure.") == (
        "the name of the account that was closed and the date of closure",
    )


def test_a_phrase_torn_by_line_breaks_is_whole_again() -> None:
    assert demands_of("Please provide the following:", "--", "Invoices that show", "your purchases") == (
        "Invoices that show your purchases",
    )


def test_the_same_demand_in_two_branches_is_given_once() -> None:
    lines = ("Please send:", "For authenticity complaints:", "1. Invoices", "2. Anything else")
    again = ("For all other complaints:", "1. A description of the cause", "2. Anything else")
    assert demands_of(*lines, *again) == ("Invoices", "Anything else", "A description of the cause")


def test_routes_and_choices_are_told_apart() -> None:
    notice = read_notice((OWN / "16-drop-shipping-error-route.txt").read_text("utf-8"))
    assert [(g.route, len(g.demands)) for g in notice.demand_groups] == [("error", 2), ("plan", 2)]
    either = read_notice((OWN / "11-forged-one-of-the-following.txt").read_text("utf-8"))
    assert [g.choose for g in either.demand_groups] == ["one"]


def test_a_branch_for_another_complaint_type_is_marked() -> None:
    notice = read_notice(
        "We removed your Amazon listing.\nComplaint Type: Inauthentic\nYour reply should contain:\n"
        "For Authenticity complaints:\n1. Copies of invoices\nFor all other complaints:\n1. A plan of action for the complaint"
    )
    assert [(g.applies, g.demands[0].text) for g in notice.demand_groups] == [
        (True, "Copies of invoices"),
        (False, "A plan of action for the complaint"),
    ]


def test_a_condition_is_kept_with_its_demand() -> None:
    notice = read_notice(
        "Your Amazon account is under review. Please send:\n- If you own the brand, the registration certificate"
    )
    assert notice.demand_groups[0].demands[0].only_if == "If you own the brand"
