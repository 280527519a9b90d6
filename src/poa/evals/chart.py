"""Cost against quality as a drawing (SVG) and as numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup, escape

from poa.evals.figures import figure
from poa.evals.metrics import METRICS, Metric
from poa.evals.summary import RunSummary, Standing

__all__ = ["Chart", "cost_chart"]

_WIDTH, _HEIGHT = 760, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 200, 20, 50
# Distinguishable without red against green (Okabe and Ito's palette); a line ties each point to its name besides.
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


@dataclass(frozen=True)
class Chart:
    """The drawing, and the numbers it is drawn from: one row a model."""

    svg: Markup
    across: str
    upward: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0), 1) * (self.end - self.start)

    def ticks(self) -> list[float]:
        step = 10 ** math.floor(math.log10((self.high - self.low) / 2))
        for factor in (1, 2, 5, 10):
            if (self.high - self.low) / (step * factor) <= 6:
                step *= factor
                break
        first = math.ceil(self.low / step)
        return [n * step for n in range(first, math.floor(self.high / step + 1e-9) + 1)]


def cost_chart(summary: RunSummary) -> Chart | None:
    """What a letter costs against how much of it is the model's; None when nothing was scored.

    Across stands money, or where nothing was paid the time, or where none was taken the tokens.
    """
    upward = METRICS["rewrite_passes" if summary.task == "rewrite" else "reworded"]
    across = next(
        (METRICS[name] for name in ("cost_usd", "seconds", "completion_tokens") if _any(summary, name)), None
    )
    if across is None:
        return None
    points = [s for s in summary.standings if _has(s, across) and _has(s, upward)]
    if not points:
        return None
    return Chart(
        _svg(points, across, upward),
        across.title,
        upward.title,
        tuple(
            (
                s.name,
                figure(s.cells[across.name].interval, across),
                figure(s.cells[upward.name].interval, upward),
            )
            for s in points
        ),
    )


def _any(summary: RunSummary, name: str) -> bool:
    return any(
        (cell := s.cells.get(name)) and cell.interval and cell.interval.value > 0 for s in summary.standings
    )


def _has(standing: Standing, metric: Metric) -> bool:
    cell = standing.cells.get(metric.name)
    return cell is not None and cell.interval is not None


def _svg(points: list[Standing], across: Metric, upward: Metric) -> Markup:
    x = _scale(points, across, _LEFT, _WIDTH - _RIGHT)
    y = _scale(points, upward, _HEIGHT - _BOTTOM, _TOP)
    parts = [
        Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{} against {}" xmlns="http://www.w3.org/2000/svg">'
        ).format(_WIDTH, _HEIGHT, upward.title, across.title)
    ]
    parts += [_across_tick(x.at(t), _short(t, across)) for t in x.ticks()]
    parts += [_upward_tick(y.at(t), _short(t, upward)) for t in y.ticks()]
    parts.append(
        Markup('<text x="{}" y="{}" class="axis">{} ({} a draft)</text>').format(
            _LEFT, _HEIGHT - 8, across.title, across.unit
        )
    )
    parts.append(
        Markup('<text x="14" y="{}" class="axis" transform="rotate(-90 14 {})">{}</text>').format(
            _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM, upward.title
        )
    )
    names = _apart([y.at(_of(s, upward)[0]) for s in points])
    for n, standing in enumerate(points):
        parts.append(_point(standing, x, y, across, upward, _COLORS[n % len(_COLORS)], names[n]))
    return Markup("\n").join([*parts, Markup("</svg>")])


def _point(
    standing: Standing, x: _Scale, y: _Scale, across: Metric, upward: Metric, color: str, name_at: float
) -> Markup:
    value_x, low_x, high_x = _of(standing, across)
    value_y, low_y, high_y = _of(standing, upward)
    px, py = x.at(value_x), y.at(value_y)
    right = _WIDTH - _RIGHT + 14
    return Markup(
        '<g stroke="{c}" fill="{c}"><title>{name}</title>'
        '<line x1="{px:.1f}" x2="{px:.1f}" y1="{ly:.1f}" y2="{hy:.1f}" stroke-width="2"/>'
        '<line x1="{lx:.1f}" x2="{hx:.1f}" y1="{py:.1f}" y2="{py:.1f}" stroke-width="2"/>'
        '<circle cx="{px:.1f}" cy="{py:.1f}" r="5"/>'
        '<line x1="{px:.1f}" y1="{py:.1f}" x2="{right}" y2="{ny:.1f}" stroke-width=".5" stroke-dasharray="2 3"/>'
        '<text x="{tx}" y="{ty:.1f}" stroke="none" class="name">{name}</text></g>'
    ).format(
        c=color,
        name=standing.name,
        px=px,
        py=py,
        lx=x.at(low_x),
        hx=x.at(high_x),
        ly=y.at(low_y),
        hy=y.at(high_y),
        right=right,
        ny=name_at,
        tx=right + 4,
        ty=name_at + 4,
    )


def _apart(places: list[float], gap: float = 16) -> list[float]:
    """The names' heights, near their points and never upon each other."""
    placed: dict[int, float] = {}
    last = -math.inf
    for n in sorted(range(len(places)), key=lambda n: places[n]):
        placed[n] = last = max(places[n], last + gap)
    return [placed[n] for n in range(len(places))]


def _of(standing: Standing, metric: Metric) -> tuple[float, float, float]:
    interval = standing.cells[metric.name].interval
    assert interval is not None
    low = interval.value if interval.low is None else interval.low
    high = interval.value if interval.high is None else interval.high
    return interval.value, low, high


def _scale(points: list[Standing], metric: Metric, start: float, end: float) -> _Scale:
    if metric.unit == "share":
        return _Scale(0.0, 1.0, start, end)
    high = max(_of(s, metric)[2] for s in points)
    return _Scale(0.0, high * 1.08 or 1.0, start, end)


def _short(value: float, metric: Metric) -> str:
    return f"{value:.0%}" if metric.unit == "share" else f"{value:.4g}"


def _across_tick(at: float, text: str) -> Markup:
    return Markup(
        '<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" class="grid"/>'
        '<text x="{0:.1f}" y="{3}" text-anchor="middle">{4}</text>'
    ).format(at, _TOP, _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM + 16, escape(text))


def _upward_tick(at: float, text: str) -> Markup:
    return Markup(
        '<line x1="{1}" x2="{2}" y1="{0:.1f}" y2="{0:.1f}" class="grid"/>'
        '<text x="{3}" y="{4:.1f}" text-anchor="end">{5}</text>'
    ).format(at, _LEFT, _WIDTH - _RIGHT, _LEFT - 8, at + 4, escape(text))
