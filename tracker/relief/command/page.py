"""The frame of the report: style, script and tables of one self-contained page."""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracker.relief.command.palette import DARK, LIGHT, css_variables

# Nothing is fetched, whatever a file's cells hold.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data: blob:"
)

STYLE = f"""
:root{{color-scheme:light dark;{css_variables(LIGHT)}}}
@media screen and (prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,sans-serif}}
main{{max-width:1080px;margin:0 auto;padding:24px 16px 64px}}
h1{{font-size:1.9rem;line-height:1.2;margin:8px 0}}
h2{{font-size:1.3rem;margin:40px 0 8px}}
p,li{{max-width:70ch}}
.lead{{font-size:1.1rem}}
.note{{background:var(--relief-soft);border-left:4px solid var(--relief);
padding:12px 16px;border-radius:8px;max-width:76ch}}
.card{{background:var(--surface);border:1px solid var(--line);border-radius:12px;
padding:12px;margin:16px 0}}
.chart{{min-height:320px}}
.scroll{{overflow-x:auto}}
.scroll:focus-visible,summary:focus-visible{{outline:3px solid var(--infusion)}}
table{{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;
width:100%}}
caption{{text-align:left;font-weight:600;padding:8px 0}}
th,td{{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);
vertical-align:top}}
th{{color:var(--ink-2);white-space:nowrap}}
.number{{text-align:right;white-space:nowrap}}
.tone{{font-weight:600}}
summary{{cursor:pointer;padding:12px 0;font-weight:600;color:var(--relief)}}
@media (max-width:640px){{h1{{font-size:1.5rem}}
table.wide thead{{position:absolute;clip-path:inset(50%);width:1px;height:1px;
overflow:hidden}}
table.wide,table.wide tbody,table.wide caption{{display:block}}
table.wide tr{{display:block;border-bottom:2px solid var(--line);padding:8px 0}}
table.wide td,table.wide td.number{{display:flex;gap:12px;border:0;padding:3px 4px;
text-align:left;white-space:normal}}
table.wide td::before{{content:attr(data-name);flex:0 0 38%;color:var(--ink-2)}}}}
@media print{{body{{background:#fff;font-size:11pt}}
main{{max-width:none;padding:0}}.card,tr{{break-inside:avoid}}
h2{{break-after:avoid}}.scroll{{overflow:visible}}}}
"""

# Charts are drawn again when the colours change, and in light for paper.
SCRIPT = """
const figures = JSON.parse(document.getElementById("figures").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");
function draw(onPaper) {
  const colours = dark.matches && !onPaper ? "dark" : "light";
  for (const [id, figure] of Object.entries(figures)) {
    const { data, layout } = structuredClone(figure[colours]);
    if (narrow.matches) { layout.font.size = 12; layout.margin.r = 4; }
    Plotly.react(id, data, layout, { responsive: true, displayModeBar: false });
  }
}
draw(false);
dark.addEventListener("change", () => draw(false));
narrow.addEventListener("change", () => draw(false));
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  draw(true);
});
addEventListener("afterprint", () => draw(false));
"""


_NUMBER = ' class="number"'


def page(
    title: str, body: Iterable[str], figures: Mapping[str, Any], plotly: str
) -> str:
    """The whole document."""
    # No cell may close the script it stands in.
    data = json.dumps(figures, allow_nan=False).replace("<", "\\u003c")
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
            *body,
            "</main>",
            f'<script id="figures" type="application/json">{data}</script>',
            f"<script>{plotly}</script><script>{SCRIPT}</script>",
            "</body></html>\n",
        ]
    )


def escape(value: object) -> str:
    return html.escape(str(value))


def paragraph(text: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f"<p{name}>{escape(text)}</p>"


def bullets(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def chart(name: str, label: str) -> str:
    """Where a chart is drawn; `label` says what it shows to those who hear it."""
    return (
        f'<div class="card"><div class="chart" id="{name}" role="img" '
        f'aria-label="{escape(label)}"></div></div>'
    )


def _tone(cell: str, tones: Mapping[str, str]) -> str:
    return f' class="tone" style="color:var(--{tones[cell]})"' if cell in tones else ""


def folded(summary: str, inside: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def table(
    caption: str,
    names: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: int,
    tones: Mapping[str, str] | None = None,
) -> str:
    """A table whose last `numbers` columns are figures; a wide one is cards on a phone.

    `tones` names the colour of some cells' text.
    """
    first_number = len(names) - numbers
    head = "".join(
        f'<th scope="col"{_NUMBER if place >= first_number else ""}>{escape(name)}</th>'
        for place, name in enumerate(names)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-name="{escape(name)}"'
            f"{_NUMBER if place >= first_number else ''}>"
            f"<span{_tone(cell, tones or {})}>{escape(cell)}</span></td>"
            for place, (name, cell) in enumerate(zip(names, row, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    wide = ' class="wide"' if len(names) > 7 else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table{wide}><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
