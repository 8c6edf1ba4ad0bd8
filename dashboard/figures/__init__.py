"""Figures: frames in, plain dictionaries out. They know neither Django nor Dash."""

from dashboard.figures.ahead import Ahead
from dashboard.figures.bars import relief_bars
from dashboard.figures.base import Figure, Palette, message
from dashboard.figures.calibration import calibration_bars, coverage_dots
from dashboard.figures.cycles import cycles
from dashboard.figures.groups import group_curves, group_intervals
from dashboard.figures.survival import survival_curves
from dashboard.figures.timeline import timeline

__all__ = [
    "Ahead",
    "Figure",
    "Palette",
    "calibration_bars",
    "coverage_dots",
    "cycles",
    "group_curves",
    "group_intervals",
    "message",
    "relief_bars",
    "survival_curves",
    "timeline",
]
