// Which outcomes the timeline draws: all of them came with the page, so that choosing
// asks nothing of the server and moves nothing else.
addEventListener("click", (event) => {
  const button = event.target.closest(".outcome");
  const graph = button?.closest(".choosing")?.querySelector(".js-plotly-plot");
  if (!graph) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  const name = button.textContent;
  const trace = graph.data.findIndex((one) => one.name === name);
  const label = graph.layout.annotations.findIndex((one) => one.text === name);
  const labels = label < 0 ? {} : { [`annotations[${label}].visible`]: on };
  if (trace >= 0)
    Plotly.update(graph, { visible: on ? true : "legendonly" }, labels, [trace]);
});
