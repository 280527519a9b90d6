"""Facts for tests: a small and a rich example, and a strategy for facts of every shape."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from hypothesis import strategies as st

from poa.facts import Case, parse_case

Facts = dict[str, Any]

METHODS = (
    "asked-to-change-review",
    "asked-to-remove-review",
    "asked-for-positive-review",
    "refund-conditional-on-review",
    "offered-compensation-for-removal",
    "incentive-by-message",
    "insert-card-incentive",
    "free-product-for-review",
    "paid-for-review",
    "refund-outside-amazon",
    "paid-review-agency",
    "review-group",
    "selective-solicitation",
    "family-member-review",
    "employee-review",
    "own-review",
    "negative-review-on-competitor",
    "positive-review-on-own-product",
)


def small_facts(**changes: Any) -> Facts:
    """The shortest facts that a letter can be drafted from: one act, one day, every list stated empty."""
    facts: Facts = {
        "schema": 1,
        "pack": "review-manipulation",
        "language": "en",
        "notice": {"received": "2024-03-05", "marketplace": "amazon.com", "deadline_days": 21},
        "seller": {
            "store_name": "Cedar Point Audio",
            "contact_name": "Li Wei",
            "contact_title": "Operations Manager",
            "email": "ops@cedarpoint.example",
        },
        "policies": ["Customer Product Reviews Policies"],
        "violations": [
            {
                "id": "V1",
                "method": "asked-to-change-review",
                "statement": "Our customer service agent asked the buyer to change a negative review.",
                "from": "2024-02-18",
                "to": "2024-02-18",
                "channel": "Buyer-Seller Messaging",
                "orders": ["112-3456789-1234567"],
                "asins": ["B0ABCDEFGH"],
                "by": "customer service agent",
            }
        ],
        "third_parties": [],
        "customer_accounts": [],
        "remaining_reviews": [],
        "root_causes": [{"id": "C1", "statement": "Nobody checked messages before they were sent."}],
        "actions_taken": [
            {"id": "A1", "statement": "We removed the agent's access to messages.", "date": "2024-03-06"}
        ],
        "preventive_measures": [
            {
                "id": "P1",
                "statement": "A supervisor reads every message before it is sent.",
                "owner": "Customer service supervisor",
                "starts": "2024-03-11",
                "frequency": "every message",
            }
        ],
        "metrics": [],
        "attachments": [],
    }
    return _changed(facts, changes)


def rich_facts(**changes: Any) -> Facts:
    """Facts with every field in use: two acts, a third party, an account, a review, metrics, evidence."""
    facts = small_facts(
        policies=["Customer Product Reviews Policies", "Selling Policies and Seller Code of Conduct"],
        third_parties=[
            {
                "name": "Tallow & Reed Studio",
                "contact": "Ana Prieto, ana@tallowreed.example",
                "service": "designed the insert card",
                "from": "2023-11-06",
                "to": "2024-03-07",
            }
        ],
        customer_accounts=[
            {"name": "Zhou Ping", "email": "zhou.ping@mailbox.example", "order": "113-1112223-4445556"}
        ],
        remaining_reviews=[
            {"asin": "B0ABCDEFGH", "review": "R1ABCDEFGHIJKL", "note": "posted in January 2024"}
        ],
        metrics=[
            {
                "id": "M1",
                "name": "Order Defect Rate",
                "value": "0.31%",
                "period": "the last 60 days",
                "target": "under 1%",
            }
        ],
        attachments=[{"id": "E1", "title": "Screenshot of the removed permission", "file": "e1.png"}],
    )
    facts["notice"]["reference"] = "12345678901"
    facts["seller"]["merchant_token"] = "A1B2C3D4E5F6G7"
    facts["violations"].append(
        {
            "id": "V2",
            "method": "insert-card-incentive",
            "statement": "We put cards into 240 parcels, and the cards promised a gift for a review.",
            "from": "2023-12-04",
            "to": "2024-01-19",
            "channel": "package inserts",
            "orders": [],
            "asins": ["B0ABCDEFGH", "B0ABCDEFGJ"],
            "by": "marketing manager",
            "quote": "Five stars? A gift is yours!",
            "count": 240,
            "compensation": "a phone stand",
        }
    )
    facts["actions_taken"][0]["evidence"] = ["E1"]
    return _changed(facts, changes)


def case_of(facts: Facts | None = None) -> Case:
    """The case of these facts, or of the small ones."""
    return parse_case(facts if facts is not None else small_facts())


def without(facts: Facts, *path: str | int) -> Facts:
    """The same facts with the key at the path left out."""
    facts = copy.deepcopy(facts)
    *way, key = path
    inner: Any = facts
    for step in way:
        inner = inner[step]
    del inner[key]
    return facts


def with_value(facts: Facts, value: Any, *path: str | int) -> Facts:
    """The same facts with another value at the path."""
    facts = copy.deepcopy(facts)
    *way, key = path
    inner: Any = facts
    for step in way:
        inner = inner[step]
    inner[key] = value
    return facts


def _changed(facts: Facts, changes: Facts) -> Facts:
    return {**copy.deepcopy(facts), **copy.deepcopy(changes)}


# ---------------------------------------------------------------- facts of every shape

_FIRST_DAY = dt.date(2022, 1, 3)


def _days(first: dt.date, last: dt.date) -> st.SearchStrategy[str]:
    return st.dates(first, last).map(str)


def _digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


ORDER_IDS = st.tuples(
    st.sampled_from(("111", "112", "113", "114", "202", "701")), _digits(7), _digits(7)
).map("-".join)
ASINS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=8, max_size=8).map(lambda text: f"B0{text}")
REVIEW_IDS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=13, max_size=13).map(
    lambda text: f"R{text}"
)
STORES = st.sampled_from(
    (
        "Cedar Point Audio",
        "O'Hara & Sons Home",
        "3rd Avenue Toys",
        "The Extraordinarily Long Named Garden and Household Goods Company of Upper Bavaria",
        "iLumen",
        "深圳光明音响",
    )
)
PEOPLE = st.sampled_from(("Li Wei", "Chen Yuting", "Ouyang Nana", "Anne-Marie O'Neill", "Wu Di"))
ROLES = st.sampled_from(
    (
        "customer service agent",
        "marketing manager",
        "Head of Operations",
        "two employees",
        "owner",
        "warehouse employee and sales assistant",
        "our product manager",
        "Compliance Officer",
        "HR manager",
        "Managing Director",
    )
)
CHANNELS = st.sampled_from(
    (
        "Buyer-Seller Messaging",
        "email",
        "e-mail outside Amazon",
        "package inserts",
        'Facebook group "Lamp Testers"',
        "personal Amazon account",
        "WeChat",
        "phone",
        "private customer accounts",
    )
)
FREQUENCIES = st.sampled_from(
    (
        "every message",
        "weekly",
        "every three months",
        "once a year",
        "every new employee",
        "before each shipment",
    )
)


@st.composite
def _acts(draw: st.DrawFn) -> str:
    """What was done: sentences that open in many ways, some with values of their own."""
    number = draw(st.integers(2, 900))
    buyers = draw(st.sampled_from(("a buyer", f"{number} buyers", "several buyers", "three buyers")))
    act = draw(
        st.sampled_from(("asked", "wrote to", "paid", "offered a gift card to", "sent a free product to"))
    )
    opening = draw(
        st.sampled_from(
            (
                f"We {act} {buyers} for a review",
                f"Our customer service agent {act} {buyers} for a review",
                f"Two of our employees {act} {buyers} for a review",
                f"After a complaint, our agent {act} {buyers} for a review",
                f"Marta Ruiz of our team {act} {buyers} for a review",
                f"During the summer our team {act} {buyers} for a review",
                f"{number} messages of ours {act} {buyers} for a review",
                f"Amazon buyers were among those whom we {act}: {buyers}",
            )
        )
    )
    ending = draw(
        st.sampled_from(
            (
                "",
                ".",
                ". The buyers did not answer.",
                " and repaid $12.50 to each of them.",
                ', with the words "five stars, please".',
                " through Northlake Supply Inc. of Toronto.",
            )
        )
    )
    return opening + ending


@st.composite
def _causes(draw: st.DrawFn) -> str:
    who = draw(st.sampled_from(("We", "Nobody in our team", "Our manager", "No member of the management")))
    what = draw(
        st.sampled_from(
            (
                "checked the messages of new agents",
                "compared the campaign with Amazon's policies",
                "read the 25 messages of 3 May 2023 before they were sent",
                "asked what the agency did in our name",
            )
        )
    )
    return f"{who} {'never ' if who in ('We', 'Our manager') else ''}{what}."


@st.composite
def _deeds(draw: st.DrawFn) -> str:
    number = draw(st.integers(2, 5000))
    return draw(
        st.sampled_from(
            (
                "We removed the agent's access to Buyer-Seller Messaging.",
                f"We read all {number:,} messages of the last year and found no other request.",
                f"{number} cards were destroyed in our warehouse.",
                "All six employees passed a written test.",
                "The owner deleted the review.",
                "Amazon received from us a list of the reviews.",
                "WeChat groups of ours were closed. No member was asked again",
            )
        )
    )


@st.composite
def _rules(draw: st.DrawFn) -> str:
    number = draw(st.integers(2, 90))
    return draw(
        st.sampled_from(
            (
                "Every message to a buyer is read before it is sent.",
                "We contact buyers only through Amazon.",
                f"A sample of {number} messages is compared with Amazon's policies.",
                f"{number} packed boxes are opened and searched for cards.",
                "No product leaves our warehouse free of charge.",
                "The compliance officer approves every insert in writing.",
                "Amazon Vine is the only way in which samples are given.",
                "New agents pass a test with a score of at least 90%. They repeat it after a failure.",
                "Nobody writes to a buyer about a review",
            )
        )
    )


@st.composite
def _violation(draw: st.DrawFn, number: int, received: dt.date) -> Facts:
    first = draw(st.dates(_FIRST_DAY, received))
    single = draw(st.booleans())
    last = first if single else draw(st.dates(first, received))
    violation: Facts = {
        "id": f"V{number}",
        "method": draw(st.sampled_from((*METHODS, "something-else"))),
        "statement": draw(_acts()),
        "from": str(first),
        "to": str(last),
        "channel": draw(CHANNELS),
        "orders": draw(st.lists(ORDER_IDS, max_size=15, unique=True)),
        "asins": draw(st.lists(ASINS, max_size=4, unique=True)),
    }
    optional: Facts = {
        "by": draw(ROLES),
        "quote": draw(
            st.sampled_from(("Please give us five stars!", "would you update the review", "五星好评返现"))
        ),
        "count": draw(st.integers(1, 20_000)),
        "compensation": draw(
            st.sampled_from(("a $10 gift card", "a 20% partial refund", "the free product"))
        ),
    }
    for key, value in optional.items():
        if draw(st.booleans()):
            violation[key] = value
    return violation


def _told_apart(violations: list[Facts]) -> list[Facts]:
    """Without those told in the words of an earlier one: what stands with which, no reader could tell."""
    first = {violation["statement"]: violation for violation in reversed(violations)}
    return [violation for violation in violations if first[violation["statement"]] is violation]


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Valid and complete facts of any shape: a letter can be drafted from each."""
    received = draw(st.dates(dt.date(2023, 1, 2), dt.date(2026, 6, 30)))
    later = _days(received, received + dt.timedelta(days=90))
    attachments = [
        {"id": f"E{n}", "title": title, "file": f"e{n}.pdf"}
        for n, title in enumerate(
            draw(
                st.lists(
                    st.sampled_from(
                        ("Screenshot of the removed permission", "Signed training list", "Letters to buyers")
                    ),
                    max_size=3,
                    unique=True,
                )
            ),
            1,
        )
    ]
    evidence = [attachment["id"] for attachment in attachments]
    result: Facts = {
        "schema": 1,
        "pack": "review-manipulation",
        "language": "en",
        "notice": {
            "received": str(received),
            "marketplace": draw(st.sampled_from(("amazon.com", "amazon.co.uk", "amazon.ca", "amazon.de"))),
            "deadline_days": draw(st.sampled_from((None, 3, 17, 21))),
            "reference": draw(st.sampled_from((None, "15023348871"))),
        },
        "seller": {
            "store_name": draw(STORES),
            "contact_name": draw(PEOPLE),
            "contact_title": draw(st.sampled_from(("Owner", "Operations Manager", "Managing Director"))),
            "email": "office@store.example",
        },
        "policies": draw(
            st.lists(
                st.sampled_from(
                    (
                        "Customer Product Reviews Policies",
                        "Selling Policies and Seller Code of Conduct",
                        "Communication Guidelines",
                        "Community Guidelines",
                    )
                ),
                min_size=1,
                max_size=4,
                unique=True,
            )
        ),
        "violations": _told_apart(
            [draw(_violation(number, received)) for number in range(1, draw(st.integers(1, 4)) + 1)]
        ),
        "third_parties": draw(st.lists(_third_parties(), max_size=3)),
        "customer_accounts": draw(st.lists(_accounts(), max_size=3)),
        "remaining_reviews": draw(st.lists(_reviews(), max_size=3)),
        "root_causes": [
            {"id": f"C{n}", "statement": cause}
            # "We never read them" and "nobody in our team read them" are one cause, not two.
            for n, cause in enumerate(
                draw(st.lists(_causes(), min_size=1, max_size=4, unique_by=lambda text: text[-20:])), 1
            )
        ],
        "actions_taken": [
            {
                "id": f"A{n}",
                "statement": deed,
                "date": draw(later),
                "evidence": draw(st.lists(st.sampled_from(evidence), unique=True)) if evidence else [],
            }
            for n, deed in enumerate(draw(st.lists(_deeds(), min_size=1, max_size=4, unique=True)), 1)
        ],
        "preventive_measures": [
            {
                "id": f"P{n}",
                "statement": rule,
                "owner": draw(st.one_of(st.none(), ROLES)),
                "starts": draw(st.one_of(st.none(), later)),
                "frequency": draw(st.one_of(st.none(), FREQUENCIES)),
            }
            for n, rule in enumerate(draw(st.lists(_rules(), min_size=1, max_size=4, unique=True)), 1)
        ],
        "metrics": [
            {
                "id": f"M{n}",
                "name": name,
                "value": draw(st.sampled_from(("0.31%", "98.6%", "9 hours"))),
                "period": draw(
                    st.sampled_from(("the last 60 days", "May 2024", "the 30 days to 3 May 2024"))
                ),
                "target": draw(st.sampled_from((None, "under 1%", "over 95%"))),
            }
            for n, name in enumerate(
                draw(
                    st.lists(
                        st.sampled_from(("Order Defect Rate", "Late Shipment Rate", "Valid Tracking Rate")),
                        max_size=3,
                        unique=True,
                    )
                ),
                1,
            )
        ],
        "attachments": attachments,
    }
    return result


@st.composite
def _third_parties(draw: st.DrawFn) -> Facts:
    first = draw(st.dates(_FIRST_DAY, dt.date(2023, 6, 30)))
    return {
        "name": draw(st.sampled_from(("Tallow & Reed Studio", "Northlake Supply Inc.", "晨光服务有限公司"))),
        "contact": draw(st.sampled_from(("Ana Prieto, ana@tallow.example", "www.northlake.example"))),
        "service": draw(st.sampled_from(("designed the insert cards", "packing of our parcels", "reviews"))),
        "from": str(first),
        "to": str(draw(st.dates(first, dt.date(2023, 12, 31)))),
    }


@st.composite
def _accounts(draw: st.DrawFn) -> Facts:
    return {"name": draw(PEOPLE), "email": "buyer@mailbox.example", "order": draw(ORDER_IDS)}


@st.composite
def _reviews(draw: st.DrawFn) -> Facts:
    note = draw(st.sampled_from((None, "posted on 3 May 2023", "It is still visible.")))
    return {"asin": draw(ASINS), "review": draw(REVIEW_IDS), "note": note}
