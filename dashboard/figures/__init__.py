"""Figures: frames in, plain dictionaries out. They know neither Django nor Dash."""

from dashboard.figures.bars import relief_bars
from dashboard.figures.base import Figure, Palette, message
from dashboard.figures.survival import survival_curves
from dashboard.figures.timeline import timeline

__all__ = [
    "Figure",
    "Palette",
    "message",
    "relief_bars",
    "survival_curves",
    "timeline",
]
