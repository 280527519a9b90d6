"""A run's figures as Markdown tables, which read as text too, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from poa.evals.figures import figure, number, p_value
from poa.evals.metrics import METRICS
from poa.evals.summary import RunSummary, Standing

__all__ = ["csv_text", "difference_rows", "figure_rows", "judge_lines", "summary_lines"]


def summary_lines(summary: RunSummary) -> list[str]:
    """The run in Markdown: the verdict, the models, the tests, the failures, the judges, the signatures."""
    lines = [f"# {summary.name}", "", *summary.verdict, ""]
    if summary.missing > 0:
        lines += [f"{summary.missing} drafts of this run are missing.", ""]
    head = [standing.name for standing in summary.standings]
    drafts = [
        f"{standing.name}, {standing.drafts} draft{'' if standing.drafts == 1 else 's'}"
        for standing in summary.standings
    ]
    lines += _table(["metric", *drafts], figure_rows(summary.standings))
    lines += ["", "95 % intervals over cases. Repeats of a case are averaged first.", ""]
    lines += _table(["metric", "between", "difference", "p (Holm)", "in words"], difference_rows(summary))
    codes = sorted({code for standing in summary.standings for code in standing.codes})
    if codes:
        lines += ["", "Findings in the raw replies:", ""]
        lines += _table(
            ["code", *head],
            [[code, *(str(s.codes.get(code, 0)) for s in summary.standings)] for code in codes],
        )
    lines += judge_lines(summary)
    lines += ["", *(f"- {s.name}: `{s.signature}`" for s in summary.standings)]
    return lines


def figure_rows(standings: Sequence[Standing]) -> list[list[str]]:
    """A row a metric: its title, then each contestant's figure with interval."""
    rows = []
    for metric in METRICS.values():
        if not any(metric.name in s.cells for s in standings):
            continue
        row = [metric.title]
        for standing in standings:
            cell = standing.cells.get(metric.name)
            text = "" if cell is None else figure(cell.interval, metric)
            row.append(
                f"{text}, {cell.unscored} unscored" if cell and cell.unscored and cell.interval else text
            )
        rows.append(row)
    return rows


def difference_rows(summary: RunSummary) -> list[list[str]]:
    """A row for each two prompts and each two contestants, by primary metric."""
    named = [
        (name, d, f"prompt {d.ours} against {d.theirs}, all models together")
        for name, found in summary.prompts.items()
        for d in found
    ]
    named += [
        (name, d, f"{d.ours} against {d.theirs}")
        for name, found in summary.differences.items()
        for d in found
    ]
    rows = []
    for name, d, between in named:
        metric = METRICS[name]
        low_high = (
            f" ({number(d.low, metric.unit)} to {number(d.high, metric.unit)})"
            if d.low is not None and d.high is not None
            else ""
        )
        figures = (f"{number(d.mean, metric.unit)}{low_high}", p_value(d.p), d.verdict)
        rows.append([metric.title, between, *figures])
    return rows


def judge_lines(summary: RunSummary) -> list[str]:
    """The judges' verdicts and how far they can be trusted; nothing when none judged."""
    table = summary.judges
    if table is None:
        return []
    lines = ["", f"Judges: {', '.join(table.judges)} (blind, both orders, the writing alone)", ""]
    lines += _table(
        ["pair", "won", "tied", "lost", "share of wins"],
        [
            [
                f"{row.first} against {row.second}",
                str(row.won),
                str(row.tied),
                str(row.lost),
                figure(row.wins, METRICS["passes"]),
            ]
            for row in table.pairs
        ],
    )
    for judge in table.judges:
        agreed = table.order_agreed.get(judge)
        lines.append(
            f"- {judge}: same verdict in both orders"
            f" {'unknown' if agreed is None else f'{agreed:.0%}'}, kappa {_kappa(table.order_kappa.get(judge))}"
        )
    lines += [f"- {pair}: kappa {_kappa(kappa)}" for pair, kappa in table.judge_kappa.items()]
    if table.unscored:
        lines.append(f"- {table.unscored} verdicts could not be had")
    return lines


def csv_text(summaries: Iterable[RunSummary]) -> str:
    """One line a run, contestant and metric."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "run",
            "contestant",
            "metric",
            "unit",
            "better",
            "value",
            "low",
            "high",
            "n",
            "interval",
            "unscored",
            "signature",
        ]
    )
    for summary in summaries:
        for standing in summary.standings:
            for cell in standing.cells.values():
                metric, found = METRICS[cell.metric], cell.interval
                values = (
                    ["", "", "", "0", ""]
                    if found is None
                    else [_cell(found.value), _cell(found.low), _cell(found.high), str(found.n), found.how]
                )
                writer.writerow(
                    [
                        summary.folder,
                        _safe(standing.name),
                        metric.name,
                        metric.unit,
                        metric.better,
                        *values,
                        str(cell.unscored),
                        _safe(standing.signature),
                    ]
                )
    return out.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _safe(text: str) -> str:
    # A spreadsheet runs what begins like a formula.
    return f"'{text}" if text[:1] in "=+-@\t" else text


def _kappa(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.2f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(head), "|" + "---|" * len(head), *(line(row) for row in rows)]
