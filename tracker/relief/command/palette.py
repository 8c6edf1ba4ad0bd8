"""Colours of the report: those of the product's screens, in light and dark."""

from collections.abc import Mapping
from types import MappingProxyType

Palette = Mapping[str, str]

# The values of the product's design tokens; a test holds them together.
LIGHT: Palette = MappingProxyType(
    {
        "paper": "#FAF8F4",
        "surface": "#FFFFFF",
        "ink": "#1B2B34",
        "ink-2": "#4A5B66",
        "line": "#D9DFE2",
        "control": "#7A8A94",
        "relief": "#0D6B64",
        "relief-soft": "#D3ECE8",
        "fading": "#A84A06",
        "lost": "#B42318",
        "infusion": "#4338CA",
        "unknown": "#5B6B7B",
    }
)
DARK: Palette = MappingProxyType(
    {
        "paper": "#10181D",
        "surface": "#18242C",
        "ink": "#E8EEF1",
        "ink-2": "#AEBDC6",
        "line": "#2C3A43",
        "control": "#70828E",
        "relief": "#4FD1C1",
        "relief-soft": "#17403C",
        "fading": "#F5B454",
        "lost": "#FF8A7E",
        "infusion": "#A9B2FF",
        "unknown": "#9FB0BD",
    }
)


def css_variables(palette: Palette) -> str:
    """The palette as custom properties of a style sheet."""
    return "".join(f"--{name}:{value};" for name, value in palette.items())
