"""Patterns of a pack: what needs no template reads as the template would."""

from __future__ import annotations

import pytest
import yaml

from poa.patterns import TemplateError, _pieces, _template, fill_pattern, words_of_pattern
from poa.resources import packs_dir


def strings(data: object) -> set[str]:
    if isinstance(data, str):
        return {data} if "{{" in data else set()
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return {text for part in inside for text in strings(part)}


def of_all_packs() -> list[str]:
    found: set[str] = set()
    for path in packs_dir().rglob("*.yaml"):
        found |= strings(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))
    return sorted(found)


def test_the_quick_way_says_what_the_template_says() -> None:
    quick = 0
    for pattern in of_all_packs():
        words = {name: f"the {name}" for name in words_of_pattern(pattern)}
        quick += _pieces(pattern) is not None
        assert fill_pattern(pattern, **words) == _template(pattern).render(**words).strip()
    assert quick > 100


@pytest.mark.parametrize("pattern", ["{{ nobody }}", "{{ nobody|capital }} came", "{{ nobody.home }}"])
def test_a_word_that_is_not_there_is_refused(pattern: str) -> None:
    with pytest.raises(TemplateError):
        fill_pattern(pattern, somebody="x")


def test_words_are_no_patterns() -> None:
    assert fill_pattern("{{ a }}, {{ b|capital }}", a="{{ b }}", b="{% x %}") == "{{ b }}, {% x %}"
