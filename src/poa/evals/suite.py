"""A suite: which cases, which models with which parameters and prompts, how often, and for how much.

Written as YAML by a person; every fault is reported with the file and the place in it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from poa.errors import Fault, FaultyFile, InputError

__all__ = [
    "Budget",
    "Contestant",
    "EvalCase",
    "JudgeSettings",
    "ModelSettings",
    "PromptVariant",
    "Suite",
    "list_cases",
    "list_contestants",
    "load_suite",
    "suite_schema",
]

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,60}$"
Name = Annotated[str, Field(pattern=_NAME)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelSettings(_Part):
    """One model and its parameters; None leaves a parameter to what the program asks for by itself."""

    name: Name
    model: str = Field(min_length=1, description="As with --model: skeleton, local, MODEL, PRESET/MODEL, …")
    base_url: str | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    mask: bool = True


class PromptVariant(_Part):
    """A folder with templates that stand in for the shipped ones of the same name; none means the shipped ones."""

    name: Name
    folder: str | None = None


class Budget(_Part):
    """What a run may spend; it stops before either is passed."""

    usd: float | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)


class JudgeSettings(_Part):
    """Models that compare two letters blindly, in both orders."""

    models: tuple[ModelSettings, ...] = Field(min_length=1)
    contestants_may_judge: bool = False


class Suite(_Part):
    """What is compared with what, on which cases."""

    suite: Literal[1]
    name: Name
    task: Literal["draft", "rewrite"] = "draft"
    cases: tuple[str, ...] = Field(min_length=1, description="Globs of facts files (or Chinese summaries)")
    models: tuple[ModelSettings, ...] = Field(min_length=1)
    prompts: tuple[PromptVariant, ...] = (PromptVariant(name="default"),)
    repeats: int = Field(default=1, ge=1, le=100)
    scorers: tuple[str, ...] = ()
    budget: Budget = Budget()
    judge: JudgeSettings | None = None
    concurrency: int = Field(default=8, ge=1, le=1000)
    timeout_s: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _names_differ(self) -> Suite:
        for kind, names in (
            ("models", [m.name for m in self.models]),
            ("prompts", [p.name for p in self.prompts]),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"{kind}: each name may stand once")
        return self

    @model_validator(mode="after")
    def _scorers_are_known(self) -> Suite:
        from poa.evals.metrics import METRICS

        unknown = sorted(set(self.scorers) - set(METRICS))
        if unknown:
            raise ValueError(f"scorers: {', '.join(unknown)} is none of {', '.join(METRICS)}")
        return self


@dataclass(frozen=True)
class Contestant:
    """One model with its parameters and one prompt variant: what a row of the comparison is about."""

    name: str
    settings: ModelSettings
    prompt: PromptVariant
    templates: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """What was set for the model, by name."""
        chosen = {
            "temperature": self.settings.temperature,
            "seed": self.settings.seed,
            "max_tokens": self.settings.max_tokens,
        }
        return {name: value for name, value in chosen.items() if value is not None}


@dataclass(frozen=True)
class EvalCase:
    """One case of the suite: its name, unique in the suite, its file, and the file's hash."""

    name: str
    path: Path
    sha256: str


def load_suite(path: Path) -> Suite:
    """The suite of a file; `InputError` lists every fault."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{path}: the suite cannot be read ({error.strerror}): name a YAML file.") from error
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{path}: this is no YAML ({' '.join(str(error).split())}).") from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: a suite is a YAML mapping that begins with `suite: 1`.")
    try:
        return Suite.model_validate(content)
    except ValidationError as error:
        raise FaultyFile(
            [
                Fault(str(path), ".".join(map(str, e["loc"])) or "suite", _shown(e.get("input")), e["msg"])
                for e in error.errors()
            ]
        ) from None


def suite_schema() -> dict[str, Any]:
    """The JSON schema of a suite, for editors."""
    return Suite.model_json_schema()


def list_cases(suite: Suite, folder: Path, wanted: str | None = None) -> tuple[EvalCase, ...]:
    """The cases that the suite's globs name, below the suite's folder; `wanted` keeps names that hold it."""
    paths: list[Path] = []
    for pattern in suite.cases:
        found = _glob(folder, pattern)
        if not found:
            raise InputError(
                f"The suite's cases {pattern!r} name no file below {folder}: correct the pattern."
            )
        paths += [path for path in found if path not in paths]
    names = _names(paths)
    cases = tuple(
        EvalCase(name, path, hashlib.sha256(path.read_bytes()).hexdigest())
        for name, path in zip(names, paths, strict=True)
        if wanted is None or wanted in name
    )
    if not cases:
        raise InputError(f"No case's name holds {wanted!r}: there are {', '.join(names)}.")
    return cases


def list_contestants(suite: Suite, folder: Path, wanted: tuple[str, ...] = ()) -> tuple[Contestant, ...]:
    """Each model with each prompt; the skeleton, which reads no prompt, once."""
    several = len(suite.prompts) > 1
    contestants = [
        Contestant(
            f"{m.name} / {p.name}" if several and m.model != "skeleton" else m.name,
            m,
            p,
            _templates(p, folder),
        )
        for m, p in product(suite.models, suite.prompts)
        if m.model != "skeleton" or p is suite.prompts[0]
    ]
    if wanted:
        unknown = [w for w in wanted if all(w not in (c.name, c.settings.name) for c in contestants)]
        if unknown:
            names = ", ".join(dict.fromkeys(c.settings.name for c in contestants))
            raise InputError(f"The suite has no model {', '.join(unknown)}: it has {names}.")
        contestants = [c for c in contestants if c.name in wanted or c.settings.name in wanted]
    return tuple(contestants)


def _glob(folder: Path, pattern: str) -> list[Path]:
    # pathlib's glob refuses patterns that begin with `..`: the fixed part is walked first.
    parts = Path(pattern).parts
    fixed = next((n for n, part in enumerate(parts) if re.search(r"[*?\[]", part)), len(parts) - 1)
    base = folder.joinpath(*parts[:fixed])
    found = sorted(base.glob(str(Path(*parts[fixed:])))) if base.is_dir() else []
    return [path / "facts.yaml" if path.is_dir() else path for path in found]


def _names(paths: list[Path]) -> list[str]:
    """The folder of a facts.yaml or the file's stem; with the folder above where two would be the same."""
    short = [path.parent.name if path.name == "facts.yaml" else path.stem for path in paths]
    return [
        name
        if short.count(name) == 1
        else f"{(p.parent if p.name == 'facts.yaml' else p).parent.name}-{name}"
        for name, p in zip(short, paths, strict=True)
    ]


def _templates(prompt: PromptVariant, folder: Path) -> dict[str, str]:
    if prompt.folder is None:
        return {}
    place = folder / prompt.folder
    found = {path.name: path.read_text("utf-8") for path in sorted(place.glob("*")) if path.is_file()}
    if not found:
        raise InputError(f"The prompt variant {prompt.name} has no template in {place}: name another folder.")
    return found


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
