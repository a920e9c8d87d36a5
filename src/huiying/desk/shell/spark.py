"""A small curve without axes, as inline SVG."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, PAD = 96.0, 24.0, 3.0


def points(values: Sequence[float]) -> list[tuple[float, float]]:
    """Where each value stands in the drawing; a flat curve lies at the foot."""
    top = max(values) or 1.0
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)
    room = HEIGHT - 2 * PAD
    return [
        (PAD + index * step, HEIGHT - PAD - room * max(value, 0.0) / top)
        for index, value in enumerate(values)
    ]


def draw(values: Sequence[float], label: str) -> SafeString:
    """The curve of `values` (oldest first) with `label` as what a screen reader says; empty text for no values."""
    if not values:
        return SafeString("")
    placed = points(values)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    last_x, last_y = placed[-1]
    rises = len(values) > 2 and values[-1] >= 1.5 * (sum(values) / len(values)) > 0
    return format_html(
        '<svg class="spark{}" viewBox="0 0 96 24" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polygon class="area" points="{},{} {} {},{}"/><polyline class="line" points="{}"/>'
        '<circle cx="{}" cy="{}" r="2"/></svg>',
        " up" if rises else "",
        label,
        f"{PAD:.1f}",
        f"{HEIGHT:.1f}",
        line,
        f"{last_x:.1f}",
        f"{HEIGHT:.1f}",
        line,
        f"{last_x:.1f}",
        f"{last_y:.1f}",
    )
