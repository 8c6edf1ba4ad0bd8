// A chart's picture, drawing or numbers, made of what is on the screen: nothing is
// asked of the server, and the file's name tells nobody's name.
(() => {
  const WAYS = ["png", "svg", "csv"];

  const nameOf = (card) => {
    const title = card?.querySelector("h2")?.textContent ?? "chart";
    const bare = title.normalize("NFD").replace(/\p{M}/gu, "");
    const plain = bare.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const day = new Date().toISOString().slice(0, 10);
    return `respite-${plain.replace(/^-|-$/g, "")}-${day}`;
  };

  // A spreadsheet would run a cell that begins like a formula; numbers stay numbers.
  const cell = (value) => {
    const number = typeof value === "number";
    const text = value === null || value === undefined ? "" : String(value);
    const safe = !number && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  // Days that follow one another are told by the first of them.
  const daysFrom = ({ x0, dx }, count) =>
    Array.from({ length: x0 ? count : 0 }, (_, at) =>
      new Date(Date.parse(x0) + at * dx).toISOString().slice(0, 10),
    );

  const rowsOf = (graph) => {
    const rows = [["series", "x", "y"]];
    for (const trace of graph._fullData) {
      const y = trace._input.y ?? [];
      const x = trace._input.x ?? daysFrom(trace._input, y.length);
      for (let at = 0; at < Math.max(x.length, y.length); at++)
        // A gap between two cycles is no row.
        if (x[at] !== null)
          rows.push([trace._input.text?.[at] ?? trace.name, x[at], y[at]]);
    }
    return rows;
  };

  const save = (name, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  addEventListener("click", (event) => {
    const button = event.target.closest(".take");
    const way = WAYS.find((one) => button?.classList.contains(`take-${one}`));
    const graph = button?.closest(".chart")?.querySelector(".js-plotly-plot");
    if (!way || !graph) return;
    const name = nameOf(button.closest(".card"));
    if (way === "csv")
      save(
        `${name}.csv`,
        rowsOf(graph)
          .map((row) => row.map(cell).join(","))
          .join("\r\n") + "\r\n",
      );
    else Plotly.downloadImage(graph, { format: way, filename: name, scale: 2 });
  });

  addEventListener("click", (event) => {
    if (event.target.closest(".print-this")) window.print();
  });
})();
