"""Which model a run uses, and why: the rules of `--model SPEC`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from poa.errors import InputError, ModelError
from poa.models.base import ChatModel
from poa.models.presets import Preset, find_preset, list_presets

__all__ = ["Choice", "open_model"]


@dataclass(frozen=True)
class Choice:
    """The model of a run (None for `skeleton`) and the line that says which it is and why."""

    model: ChatModel | None
    name: str
    reason: str

    def __str__(self) -> str:
        return f"Model: {self.name} ({self.reason})."


def open_model(
    spec: str | None = None,
    base_url: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
) -> Choice:
    """The model that the spec names; with none, the configured endpoint, else the embedded model, else none.

    `skeleton` | `local` | `local:/path.gguf` | `replay:/folder` | `MODEL` | `PRESET` | `PRESET/MODEL`.
    Nothing is sent and no weights are loaded before the first request.
    """
    env = os.environ if environ is None else environ
    if spec is None or not spec.strip():
        return _default(base_url, env)
    spec = spec.strip()
    if spec == "skeleton":
        return Choice(None, "skeleton", "asked for with --model")
    if spec == "local" or spec.startswith("local:"):
        return _local(spec)
    if spec.startswith("replay:"):
        from poa.models.replay import ReplayModel

        model = ReplayModel(Path(spec.removeprefix("replay:")))
        return Choice(model, model.name, "asked for with --model")
    return _endpoint(spec, base_url, env, "asked for with --model")


def _default(base_url: str | None, env: Mapping[str, str]) -> Choice:
    wanted = env.get("POA_MODEL", "").strip()
    if wanted:
        choice = open_model(wanted, base_url, environ={**env, "POA_MODEL": ""})
        return Choice(choice.model, choice.name, "POA_MODEL names it")
    if base_url:
        return _endpoint("", base_url, env, "--base-url names the endpoint")
    for preset in list_presets():
        if preset.key_variable and env.get(preset.key_variable, "").strip():
            spec = preset.name
            if preset.name == "openai" and env.get("OPENAI_BASE_URL", "").strip():
                spec = ""
            return _endpoint(spec, None, env, f"{preset.key_variable} is set")
    from poa.models.local import missing_for_local

    missing = missing_for_local()
    if missing is None:
        choice = _local("local")
        return Choice(choice.model, choice.name, "no API key is set, and the embedded model is installed")
    return Choice(None, "skeleton", f"no API key is set, and {missing}; `poa models` says how to get one")


def _local(spec: str) -> Choice:
    from poa.models.local import LocalModel, missing_for_local

    path = spec.removeprefix("local").removeprefix(":").strip()
    weights = Path(path).expanduser() if path else None
    missing = missing_for_local(weights)
    if missing is not None:
        raise ModelError(f"The embedded model cannot be used: {missing}; `poa models` says how to get one.")
    return Choice(LocalModel(weights), spec, "asked for with --model")


def _endpoint(spec: str, base_url: str | None, env: Mapping[str, str], reason: str) -> Choice:
    from poa.models.openai import OpenAIModel, is_loopback

    preset, model = _split(spec)
    configured = env.get("OPENAI_BASE_URL", "").strip()
    if preset is not None and not (preset.name == "openai" and configured):
        address = base_url or preset.base_url
    else:
        address = base_url or configured or _preset("openai").base_url
    if not model and preset is not None:
        model = preset.default_model or ""
    if not model:
        serving = next((p for p in list_presets() if p.base_url == address.rstrip("/")), None)
        model = (serving.default_model if serving else None) or ""
    variable = preset.key_variable if preset is not None else "OPENAI_API_KEY"
    key = env.get(variable, "").strip() if variable else ""
    if not key and base_url:
        key = env.get("OPENAI_API_KEY", "").strip()
    own_server = base_url is not None or is_loopback(address) or (preset is None and bool(configured))
    if not key and variable and not own_server:
        raise InputError(
            f"{variable} is not set: set it to your key, or name the endpoint with --base-url,"
            " or use `--model local` or `--model skeleton`."
        )
    name = f"{preset.name}/{model}" if preset is not None and model else model
    opened = OpenAIModel(model, base_url=address, api_key=key or None, name=name or None)
    return Choice(opened, opened.name, reason)


def _split(spec: str) -> tuple[Preset | None, str]:
    """`PRESET/MODEL`, `PRESET` or `MODEL`; a slash after anything but a preset belongs to the model's name."""
    whole = find_preset(spec)
    if whole is not None:
        return whole, ""
    head, slash, rest = spec.partition("/")
    preset = find_preset(head) if slash else None
    return (preset, rest) if preset is not None else (None, spec)


def _preset(name: str) -> Preset:
    preset = find_preset(name)
    assert preset is not None
    return preset
