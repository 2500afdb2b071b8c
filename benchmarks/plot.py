"""A plot of points on two logarithmic axes, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Final

Point = tuple[float, float]
WIDTH: Final = 640
HEIGHT: Final = 400
_EDGE: Final = 60
_COLOURS: Final = ("#1b6ca8", "#c2410c", "#4d7c0f", "#6b7280")


def plot(series: Mapping[str, Sequence[Point]], across: str, up: str) -> str:
    """Return a plot.

    Args:
        series: points by the name of their line.
        across: what the horizontal axis tells.
        up: what the vertical axis tells.
    """
    points = [point for line in series.values() for point in line]
    scales = [_Scale([point[axis] for point in points], axis) for axis in (0, 1)]
    body = [*_axes(scales, across, up), *_lines(series, scales)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    style = 'font-family="sans-serif" font-size="12" role="img"'
    title = f"<title>{escape(up)} against {escape(across)}</title>"
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join([f"{head} {style}>", title, paper, *body, "</svg>", ""])


class _Scale:
    # Whole powers of ten, from below the least value to above the greatest.
    def __init__(self, values: Sequence[float], axis: int) -> None:
        self.low, self.high = floor(log10(min(values))), floor(log10(max(values))) + 1
        self._axis = axis

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        if self._axis == 0:
            return _EDGE + share * (WIDTH - 3 * _EDGE)
        return HEIGHT - _EDGE - share * (HEIGHT - 2 * _EDGE)

    def marks(self) -> list[int]:
        return list(range(self.low, self.high + 1))


def _axes(scales: Sequence[_Scale], across: str, up: str) -> Iterator[str]:
    wide, high = scales
    left, right, bottom, top = _EDGE, WIDTH - 2 * _EDGE, HEIGHT - _EDGE, _EDGE
    for power in wide.marks():
        x = wide.at(10.0**power)
        yield f'<path d="M{x:.1f} {bottom}V{top}" stroke="#e5e7eb"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{_power(power)}</text>'
    for power in high.marks():
        y = high.at(10.0**power)
        yield f'<path d="M{left} {y:.1f}H{right}" stroke="#e5e7eb"/>'
        yield f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{_power(power)}</text>'
    middle = f'x="{(left + right) / 2}" y="{HEIGHT - 16}" text-anchor="middle"'
    yield f"<text {middle}>{escape(across)}</text>"
    yield f'<text x="{left}" y="{top - 24}">{escape(up)}</text>'


def _lines(series: Mapping[str, Sequence[Point]], scales: Sequence[_Scale]) -> Iterator[str]:
    for number, (name, points) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [(scales[0].at(x), scales[1].at(y)) for x, y in sorted(points)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)
        x, y = places[-1]
        yield f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" fill="{colour}">{escape(name)}</text>'


def _power(power: int) -> str:
    value = 10.0**power
    return f"{value:,.0f}" if power >= 0 else f"{value:.{-power}f}"
