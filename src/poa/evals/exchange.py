"""A run in other tools' forms: promptfoo's results for its side-by-side view, and Inspect's log."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from poa.errors import InputError
from poa.evals.log import read_run, read_samples
from poa.evals.metrics import METRICS
from poa.evals.signature import tool_version

__all__ = ["EXPORTS", "to_inspect", "to_promptfoo"]


def to_promptfoo(folder: Path, out: Path) -> int:
    """Writes a results file (version 3) that `promptfoo import` takes, and returns how many drafts it holds.

    One test a case and repeat, one prompt and provider a contestant; scores between 0 and 1 are named scores.
    """
    run = read_run(folder)
    names = [c["name"] for c in run["contestants"]]
    samples = list(read_samples(folder))
    results = [_promptfoo_result(sample, names) for sample in samples]
    totals = {
        "successes": sum(r["success"] for r in results),
        "failures": sum(not r["success"] for r in results),
        "errors": sum(s["failure"] is not None for s in samples),
        "tokenUsage": _usage(samples),
    }
    prompts = [
        {"raw": "{{case}}", "label": name, "provider": name, "id": f"contestant-{n}"}
        for n, name in enumerate(names)
    ]
    _write(
        out,
        {
            "evalId": f"poa-{run['suite']['name']}",
            "results": {
                "version": 3,
                "timestamp": "1970-01-01T00:00:00.000Z",
                "prompts": prompts,
                "results": results,
                "stats": totals,
            },
            "config": {
                "description": run["suite"]["name"],
                "providers": names,
                "prompts": ["{{case}}"],
                "tests": [{"vars": {"case": c["name"]}} for c in run["cases"]],
            },
            "shareableUrl": None,
            "metadata": {"exportedBy": f"poa {tool_version()}"},
        },
    )
    return len(results)


def to_inspect(folder: Path, out: Path) -> int:
    """Writes a log that Inspect's viewer opens, with our verdict as score; returns how many drafts it holds.

    Inspect's own library writes the file, so it needs the package `inspect-ai`.
    """
    try:
        from inspect_ai.log import write_eval_log
        from inspect_ai.log._log import EvalLog
    except ImportError as error:
        raise InputError(
            "A log for Inspect is written by its own library: pip install inspect-ai."
        ) from error
    run = read_run(folder)
    samples = [_inspect_sample(n, sample) for n, sample in enumerate(read_samples(folder), 1)]
    log = EvalLog.model_validate(
        {
            "version": 2,
            "status": "success",
            "eval": {
                "created": "1970-01-01T00:00:00+00:00",
                "task": f"poa/{run['suite']['name']}",
                "dataset": {"name": run["suite"]["name"], "samples": len(samples)},
                "model": ", ".join(c["name"] for c in run["contestants"]),
                "config": {},
                "scorers": [{"name": name} for name in ("poa_check",)],
            },
            "samples": samples,
        }
    )
    write_eval_log(log, str(out))
    return len(samples)


EXPORTS: dict[str, Callable[[Path, Path], int]] = {"promptfoo": to_promptfoo, "inspect": to_inspect}


def _promptfoo_result(sample: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    ok = bool(sample["ok"]) and sample["failure"] is None
    errors = [f"{f['code']}: {f['message']}" for f in sample["findings"] if f["severity"] == "error"]
    reason = sample["failure"] or "; ".join(errors) or "The letter passes its check."
    variables = {"case": f"{sample['case']} #{sample['repeat'] + 1}"}
    seconds = sample["scores"].get("seconds", {}).get("value") or 0.0
    return {
        "promptIdx": names.index(sample["contestant"]),
        "testIdx": sample["repeat"],
        "testCase": {"vars": variables},
        "promptId": f"contestant-{names.index(sample['contestant'])}",
        "provider": {"id": sample["contestant"], "label": sample["contestant"]},
        "prompt": {"raw": "{{case}}", "label": sample["contestant"]},
        "vars": variables,
        "response": {"output": sample["letter"], "tokenUsage": _usage([sample])},
        "error": sample["failure"],
        "failureReason": 0 if ok else 1,
        "success": ok,
        "score": float(ok),
        "latencyMs": round(seconds * 1000),
        "cost": sample["scores"].get("cost_usd", {}).get("value") or 0.0,
        "namedScores": {
            name: score["value"]
            for name, score in sample["scores"].items()
            if score["value"] is not None and METRICS[name].unit == "share"
        },
        "gradingResult": {"pass": ok, "score": float(ok), "reason": reason},
    }


def _usage(samples: list[Mapping[str, Any]] | list[dict[str, Any]]) -> dict[str, int]:
    def total(metric: str) -> int:
        return round(sum(s["scores"].get(metric, {}).get("value") or 0 for s in samples))

    read, written = total("prompt_tokens"), total("completion_tokens")
    return {"prompt": read, "completion": written, "total": read + written}


def _inspect_sample(n: int, sample: Mapping[str, Any]) -> dict[str, Any]:
    errors = [f"{f['code']}: {f['message']}" for f in sample["findings"] if f["severity"] == "error"]
    return {
        "id": f"{sample['case']} | {sample['contestant']}",
        "epoch": sample["repeat"] + 1,
        "input": sample["case"],
        "target": "a letter that passes its check",
        "output": {
            "model": sample["model"],
            "choices": [
                {"message": {"role": "assistant", "content": sample["letter"]}, "stop_reason": "stop"}
            ],
        },
        "scores": {
            "poa_check": {
                "value": "C" if sample["ok"] else "I",
                "answer": sample["letter"],
                "explanation": "; ".join(errors) or "no finding",
                "metadata": {name: score["value"] for name, score in sample["scores"].items()},
            }
        },
        "metadata": {"n": n, "signature": sample["signature"]},
    }


def _write(out: Path, content: object) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise InputError(f"{out}: this cannot be written ({error.strerror}): name another file.") from error
