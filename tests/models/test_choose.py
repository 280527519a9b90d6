from pathlib import Path

import pytest

from poa.errors import InputError, ModelError
from poa.models import open_model
from poa.models.openai import OpenAIModel
from poa.models.prices import cost_usd


@pytest.fixture(autouse=True)
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_CACHE_DIR", str(tmp_path))


def address(spec: str | None, base_url: str | None = None, **environ: str) -> tuple[str, str, str]:
    """Name, address and key of the endpoint that the spec leads to."""
    model = open_model(spec, base_url, environ=environ).model
    assert isinstance(model, OpenAIModel)
    return model.name, model._base_url, model._key


def test_skeleton_needs_no_model() -> None:
    choice = open_model("skeleton", environ={})
    assert (choice.model, str(choice)) == (None, "Model: skeleton (asked for with --model).")


def test_with_nothing_set_the_skeleton_is_used_and_the_line_says_why() -> None:
    choice = open_model(None, environ={})
    assert choice.model is None
    assert str(choice).startswith(
        "Model: skeleton (no API key is set, and its weights are not on this machine"
    )


def test_a_key_in_the_environment_names_the_endpoint() -> None:
    assert address(None, OPENAI_API_KEY="k") == ("openai/gpt-4.1-mini", "https://api.openai.com/v1", "k")
    assert address(None, DEEPSEEK_API_KEY="d") == (
        "deepseek/deepseek-chat",
        "https://api.deepseek.com/v1",
        "d",
    )
    assert open_model(None, environ={"DEEPSEEK_API_KEY": "d"}).reason == "DEEPSEEK_API_KEY is set"


def test_a_bare_model_name_goes_to_the_configured_endpoint() -> None:
    environ = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://10.0.0.5:8000/v1"}
    assert address("Qwen/Qwen3-8B", **environ) == ("Qwen/Qwen3-8B", "http://10.0.0.5:8000/v1", "k")
    assert address("gpt-4o", OPENAI_API_KEY="k") == ("gpt-4o", "https://api.openai.com/v1", "k")


def test_a_preset_brings_its_address_its_key_and_its_default_model() -> None:
    environ = {"OPENAI_API_KEY": "k", "DASHSCOPE_API_KEY": "q"}
    base = "https://dashscope.aliyuncs.com/compatible-mode/v1"
    assert address("dashscope/qwen-max", **environ) == ("dashscope/qwen-max", base, "q")
    assert address("qwen", **environ) == ("dashscope/qwen-plus", base, "q")
    assert address("openrouter/qwen/qwen3-32b", OPENROUTER_API_KEY="o")[0] == "openrouter/qwen/qwen3-32b"


def test_the_key_of_one_provider_is_not_sent_to_another() -> None:
    with pytest.raises(InputError, match="DEEPSEEK_API_KEY is not set"):
        open_model("deepseek/deepseek-chat", environ={"OPENAI_API_KEY": "k"})


def test_an_address_on_the_command_line_goes_first() -> None:
    url = "http://127.0.0.1:9999/v1"
    assert address("m", url, OPENAI_API_KEY="k", OPENAI_BASE_URL="http://other/v1") == ("m", url, "k")
    assert address("vllm/m", url, OPENAI_API_KEY="k") == ("vllm/m", url, "k")
    assert address("m", url) == ("m", url, "")


def test_a_missing_key_names_its_variable_and_the_ways_without() -> None:
    with pytest.raises(InputError, match=r"OPENAI_API_KEY is not set.*--model local"):
        open_model("gpt-4o", environ={})


def test_local_without_weights_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="poa models"):
        open_model("local", environ={})
    with pytest.raises(ModelError, match="there is no file"):
        open_model(f"local:{tmp_path}/none.gguf", environ={})


def test_only_models_on_this_machine_are_known_as_such() -> None:
    assert open_model("ollama/x", environ={}).model.on_this_machine  # type: ignore[union-attr]
    assert not open_model("gpt-4o", environ={"OPENAI_API_KEY": "k"}).model.on_this_machine  # type: ignore[union-attr]


def test_a_known_price_gives_a_cost_and_an_unknown_one_gives_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cost_usd("openai/gpt-4.1-mini", 1_000_000, 500_000) == pytest.approx(1.2)
    assert cost_usd("who/knows", 1000, 1000) is None
    assert cost_usd("local", 1000, 1000) == 0
    own = tmp_path / "prices.yaml"
    own.write_text("usd_per_million_tokens:\n  who/knows: {prompt: 1, completion: 2}\n")
    monkeypatch.setenv("POA_PRICES", str(own))
    assert cost_usd("who/knows", 1_000_000, 1_000_000) == 3
    own.write_text("nonsense")
    with pytest.raises(InputError, match="is no price table"):
        cost_usd("who/knows", 1, 1)
