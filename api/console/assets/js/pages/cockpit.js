// Draws the tables of the cockpit. A chart says what its table says: everything is read from the cells.

const MOST_ROWS = 15;
const SHADINGS = ["", "/", ".", "x", "-", "+"];
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x"];
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
const WAN = 10_000;

let loading = null;

/** The charting library, asked for once, after the page is there. */
function library(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("plotly"));
    document.head.append(script);
  });
  return loading;
}

function colours() {
  const root = getComputedStyle(document.documentElement);
  const token = (value) => value.trim();
  return {
    ink: token(root.getPropertyValue("--ink")),
    soft: token(root.getPropertyValue("--ink-soft")),
    line: token(root.getPropertyValue("--line")),
    surface: token(root.getPropertyValue("--surface")),
    raised: token(root.getPropertyValue("--surface-raised")),
    series: [1, 2, 3, 4, 5, 6].map((n) => token(root.getPropertyValue(`--series-${n}`))),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** Names of the rows, and of each drawn column its label, unit, values and the texts of its cells. */
function read(chart) {
  const heads = [...chart.querySelectorAll("thead th")];
  const rows = [...chart.querySelectorAll("tbody tr")].slice(0, shownRows(chart));
  const said = (row, column) => {
    const text = row.children[column].textContent.trim();
    const { unit } = heads[column].dataset;
    return unit && text !== "--" ? `${text}${unit === "%" ? "" : " "}${unit}` : text;
  };
  const beside = Number(chart.dataset.beside ?? 0);
  const series = chart.dataset.series.split(",").map(Number).map((column) => ({
    label: heads[column].dataset.label,
    cell: heads[column].dataset.cell,
    unit: heads[column].dataset.unit,
    values: rows.map((row) => ("v" in row.children[column].dataset ? Number(row.children[column].dataset.v) : null)),
    texts: rows.map((row) => said(row, column)),
    marks: rows.map((row) => {
      const more = beside ? said(row, beside) : "--";
      return more === "--" ? said(row, column) : `${said(row, column)}（${heads[beside].dataset.label} ${more}）`;
    }),
  }));
  return { names: rows.map((row) => row.children[0].textContent.trim()), series };
}

function shownRows(chart) {
  const isUpright = ["columns", "lines"].includes(chart.dataset.drawing);
  return isUpright ? Number.POSITIVE_INFINITY : MOST_ROWS;
}

/** How an axis is scaled and written for what its series hold. */
function scale(series) {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  const most = Math.max(0, ...values);
  switch (series[0].cell) {
    case "share":
      return { divisor: 1, axis: { tickformat: ".0%", range: [0, Math.max(1, most)] } };
    case "wan":
      return most >= WAN
        ? { divisor: WAN, axis: { ticksuffix: " 亿", rangemode: "tozero" } }
        : { divisor: 1, axis: { ticksuffix: " 万", tickformat: ",", rangemode: "tozero" } };
    case "index":
      return { divisor: 1, axis: { tickformat: ".1f", range: [0, 1.03] } };
    default:
      return {
        divisor: 1,
        axis: {
          tickformat: ",",
          ticksuffix: ` ${series[0].unit}`,
          rangemode: "tozero",
          // Counts have no halves.
          dtick: series[0].cell === "count" && most <= 5 ? 1 : undefined,
        },
      };
  }
}

function marker(n, palette) {
  return {
    color: palette.series[n % palette.series.length],
    line: { width: 0 },
    pattern: {
      shape: SHADINGS[n % SHADINGS.length],
      bgcolor: palette.series[n % palette.series.length],
      fgcolor: palette.surface,
      size: 6,
      solidity: 0.2,
    },
  };
}

/** The values of a series in the unit of its axis. */
function divided(one, divisor) {
  return one.values.map((value) => (value === null ? null : value / divisor));
}

const DRAWINGS = {
  bars: (data, palette) => across(data, palette, "group"),
  stacked: (data, palette) => across(data, palette, "stack"),

  columns({ names, series }, palette) {
    const { divisor, axis } = scale(series);
    return {
      traces: series.map((one, n) => ({
        type: "bar",
        name: one.label,
        x: places(names),
        y: divided(one, divisor),
        marker: marker(n, palette),
        customdata: one.texts,
        hovertemplate: "%{customdata}<extra>%{fullData.name}</extra>",
      })),
      layout: { barmode: "group", bargap: 0.25, xaxis: upright(names), yaxis: axis, hovermode: "x unified" },
      height: 300,
    };
  },

  lines({ names, series }, palette) {
    const { divisor, axis } = scale(series);
    return {
      traces: series.map((one, n) => ({
        type: "scatter",
        mode: "lines+markers",
        name: one.label,
        x: places(names),
        y: divided(one, divisor),
        line: { color: palette.series[n], width: 2.5, dash: DASHES[n] },
        marker: { color: palette.series[n], symbol: SYMBOLS[n], size: 8 },
        cliponaxis: false,
        customdata: one.texts,
        hovertemplate: "%{customdata}<extra>%{fullData.name}</extra>",
      })),
      layout: { xaxis: upright(names), yaxis: axis, hovermode: "x unified", showlegend: series.length > 1 },
      height: 300,
    };
  },

  ranges({ names, series }, palette) {
    const [near, far] = series;
    const ends = places(names).flatMap((n) => (far.values[n] === null ? [] : [[near.values[n], far.values[n], n]]));
    const span = {
      type: "scatter",
      mode: "lines",
      x: ends.flatMap(([from, to]) => [from, to, null]),
      y: ends.flatMap(([, , place]) => [place, place, null]),
      line: { color: palette.line, width: 6 },
      hoverinfo: "skip",
      showlegend: false,
    };
    const points = series.map((one, n) => ({
      type: "scatter",
      mode: "markers",
      name: one.label,
      x: one.values,
      y: places(names),
      marker: { color: palette.series[n], symbol: SYMBOLS[n], size: 11 },
      cliponaxis: false,
      customdata: one.texts,
      hovertemplate: "%{customdata}<extra>%{fullData.name}</extra>",
    }));
    return {
      traces: [span, ...points],
      layout: { xaxis: scale(series).axis, yaxis: downwards(names) },
      height: 90 + 34 * names.length,
    };
  },
};

function across({ names, series }, palette, barmode) {
  const { divisor, axis } = scale(series);
  const isGrouped = barmode === "group";
  const thickness = isGrouped ? 20 * series.length + 8 : 30;
  return {
    traces: series.map((one, n) => ({
      type: "bar",
      orientation: "h",
      name: one.label,
      y: places(names),
      x: divided(one, divisor),
      marker: marker(n, palette),
      text: isGrouped ? one.marks : undefined,
      textposition: "outside",
      cliponaxis: false,
      customdata: one.texts,
      hovertemplate: "%{customdata}<extra>%{fullData.name}</extra>",
    })),
    layout: {
      barmode,
      bargap: 0.3,
      xaxis: axis,
      yaxis: downwards(names),
      margin: { r: isGrouped ? longest(series) : 16 },
      showlegend: series.length > 1,
    },
    height: (series.length > 1 ? 90 : 50) + thickness * names.length,
  };
}

/** Room for what stands beside the longest bar, in pixels. */
function longest(series) {
  return 12 + 9 * Math.max(...series.flatMap((one) => one.marks).map((text) => text.length));
}

/** Where rows stand: by number, since two of them may have one name. */
function places(names) {
  return names.map((_, n) => n);
}

/** Names from top to bottom as in the table; long ones are cut, since the table has them whole. */
function downwards(names) {
  const short = names.map((name) => (name.length > 14 ? `${name.slice(0, 13)}…` : name));
  return { range: [names.length - 0.5, -0.5], tickvals: places(names), ticktext: short, showgrid: false, zeroline: false };
}

/** Names from left to right; of months and moments the century is known. */
function upright(names) {
  const short = names.map((name) => name.replace(/^20/, ""));
  return { range: [-0.5, names.length - 0.5], tickvals: places(names), ticktext: short, showgrid: false, zeroline: false };
}

function draw(plotly, chart) {
  const plot = chart.querySelector(".chart__plot");
  const palette = colours();
  const { traces, layout, height } = DRAWINGS[chart.dataset.drawing](read(chart), palette);
  const axis = { gridcolor: palette.line, zerolinecolor: palette.line, automargin: true, fixedrange: true };
  const full = {
    height,
    paper_bgcolor: palette.surface,
    plot_bgcolor: palette.surface,
    font: { family: palette.font, size: 12, color: palette.soft },
    separators: ".,",
    showlegend: true,
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: palette.ink } },
    hoverlabel: { bgcolor: palette.raised, font: { family: palette.font, color: palette.ink } },
    ...layout,
    margin: { l: 8, r: 16, t: 8, b: 32, ...layout.margin },
    xaxis: { ...axis, ...layout.xaxis },
    yaxis: { ...axis, ...layout.yaxis },
  };
  plot.hidden = false;
  plotly.react(plot, traces, full, { displayModeBar: false, responsive: true });
}

/** The drawing is enough to see; the table stays one press away. */
function settle(chart) {
  chart.querySelector(".chart__table").open = false;
  const n = chart.querySelectorAll("tbody tr").length;
  if (n > shownRows(chart)) {
    const rest = document.createElement("p");
    rest.className = "chart__rest";
    rest.textContent = `图中是前 ${MOST_ROWS} 行，其余 ${n - MOST_ROWS} 行见数据表。`;
    chart.querySelector(".chart__plot").after(rest);
  }
}

/** Paper is light, whatever the screen is. */
function print(redraw) {
  const root = document.documentElement;
  let theme = root.dataset.theme;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    redraw();
  });
  window.addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    redraw();
  });
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
}

async function start() {
  const place = document.querySelector("[data-charts]");
  const charts = [...document.querySelectorAll("[data-drawing]")].filter((each) => each.dataset.drawing in DRAWINGS);
  let redraw = () => {};
  print(() => redraw());
  if (charts.length === 0) return;
  const plotly = await library(place.dataset.plotly);
  redraw = () => charts.forEach((chart) => draw(plotly, chart));
  redraw();
  charts.forEach(settle);
  document.addEventListener("console:theme", redraw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

start();
