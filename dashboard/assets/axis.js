// The timeline's axis counts dates, or days since the last infusion. The places stay:
// only what is written below them changes.
(() => {
  const DAY = 86_400_000;
  const PX_A_LABEL = 26;
  const dates = {
    "xaxis.tickmode": "auto",
    "xaxis.tickangle": "auto",
    "xaxis.title.text": "",
  };

  // Days 0, and every so many days until the next infusion, as far as there is room.
  const counted = (graph, title) => {
    const given = (graph.layout.meta?.infusions ?? []).map(Date.parse);
    const [from, to] = graph._fullLayout.xaxis.range.map((end) =>
      Date.parse(end),
    );
    const width = graph._fullLayout._size.w;
    const days = (to - from) / DAY;
    // Where there is no room for more, the infusions alone.
    const step = [7, 14, 28, 56].find(
      (one) => (width * one) / days > PX_A_LABEL,
    );
    const places = given.flatMap((start, at) => {
      const end = Math.min(given[at + 1] ?? Infinity, to);
      // The last of them leaves room for the 0 of the next infusion.
      const fit = (end - start) / DAY - (days * PX_A_LABEL) / width;
      const many = step ? Math.max(Math.floor(fit / step) + 1, 1) : 1;
      return Array.from({ length: many }, (_, n) => n * (step ?? 0))
        .map((day) => [start + day * DAY, day])
        .filter(([place]) => place >= from && place <= to);
    });
    return {
      "xaxis.tickmode": "array",
      "xaxis.tickangle": 0,
      "xaxis.tickvals": places.map(([place]) =>
        new Date(place).toISOString().slice(0, 10),
      ),
      "xaxis.ticktext": places.map(([, day]) => String(day)),
      "xaxis.title.text": title,
    };
  };

  const follow = (graph) => {
    if (graph.followsAxis) return;
    graph.followsAxis = true;
    graph.on("plotly_relayout", (change) => {
      const moved = Object.keys(change).some(
        (key) => key.startsWith("xaxis.range") || key === "xaxis.autorange",
      );
      if (moved && graph.countsDays)
        Plotly.relayout(graph, counted(graph, graph.countsDays));
    });
  };

  addEventListener("click", (event) => {
    const button = event.target.closest(".axis-switch button");
    const graph = button
      ?.closest(".choosing")
      ?.querySelector(".js-plotly-plot");
    if (!graph) return;
    for (const one of button.parentElement.children)
      one.setAttribute("aria-pressed", String(one === button));
    graph.countsDays = button.classList.contains("axis-days")
      ? button.textContent
      : "";
    follow(graph);
    Plotly.relayout(
      graph,
      graph.countsDays ? counted(graph, graph.countsDays) : dates,
    );
  });
})();
