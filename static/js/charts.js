/* Charts: {% chart "id" spec title=… %} writes the figures as JSON and as a table; here they are
   drawn. spec: {type: "line" | "bar" | "doughnut", labels: […], unit: "money" | "percent" | "",
   stacked: false, horizontal: false, datasets: [{label, data, tone: "accent" | "success" |
   "warning" | "danger" | "neutral", strength: 0…1, type, dashed, fill, step}]}. */
import { make } from "./dom.js";

const drawn = new Map();
let library = null;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = make("script", { src: document.body.dataset.chartjs });
    script.addEventListener("load", () => resolve(window.Chart));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

/** Canvas knows no CSS variables: read what the theme says now. */
function colour(tone) {
  const probe = make("span", { class: `tone-${tone || "accent"} probe` });
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function mixed(tone, share) {
  const probe = make("canvas").getContext("2d");
  probe.fillStyle = colour(tone);
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${share})`;
}

function figure(unit) {
  const language = document.documentElement.lang;
  const style = new Intl.NumberFormat("ru", { maximumFractionDigits: unit === "percent" ? 1 : 0 });
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const sign = { money: "\u00a0₽", percent: "\u00a0%" }[unit] || "";
  return { full: (value) => style.format(value) + sign, short: (value) => short.format(value) + (unit === "percent" ? sign : "") };
}

function series(dataset, chartType) {
  const type = dataset.type || chartType;
  const isLine = type === "line";
  return {
    type: dataset.type,
    label: dataset.label,
    data: dataset.data.map((value) => (value === null ? null : Number(value))),
    borderColor: mixed(dataset.tone, 1),
    backgroundColor: isLine ? mixed(dataset.tone, dataset.fill ? 0.14 : 1) : mixed(dataset.tone, dataset.strength || 0.85),
    borderWidth: isLine ? 2 : 0,
    borderDash: dataset.dashed ? [6, 4] : [],
    borderRadius: isLine ? 0 : 3,
    fill: Boolean(dataset.fill),
    stepped: Boolean(dataset.step),
    pointRadius: 0,
    pointHitRadius: 12,
    tension: 0.2,
    maxBarThickness: 36,
  };
}

function options(spec) {
  const { full, short } = figure(spec.unit);
  const text = mixed("neutral", 1);
  const grid = mixed("neutral", 0.18);
  const category = { stacked: spec.stacked, grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkip: !spec.horizontal, autoSkipPadding: 12 } };
  const value = { stacked: spec.stacked, beginAtZero: true, border: { display: false }, grid: { color: grid }, ticks: { color: text, maxTicksLimit: 6, callback: short } };
  const isRound = spec.type === "doughnut" || spec.type === "pie";
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    indexAxis: spec.horizontal ? "y" : "x",
    interaction: { mode: "index", intersect: false },
    scales: isRound ? {} : { [spec.horizontal ? "y" : "x"]: category, [spec.horizontal ? "x" : "y"]: value },
    plugins: {
      legend: { display: spec.datasets.length > 1 || isRound, position: "bottom", labels: { color: text, usePointStyle: true, boxHeight: 7 } },
      tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${full(item.raw)}` } },
    },
  };
}

async function draw(place) {
  const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const Chart = await load();
  drawn.get(place)?.destroy();
  drawn.set(place, new Chart(place.querySelector("canvas"), {
    type: spec.type,
    data: { labels: spec.labels, datasets: spec.datasets.map((one) => series(one, spec.type)) },
    options: options(spec),
  }));
}

/** What was swapped out takes its chart along. */
function forget() {
  for (const [place, chart] of drawn) {
    if (!place.isConnected) {
      chart.destroy();
      drawn.delete(place);
    }
  }
}

function drawAll(root) {
  forget();
  if (root.matches?.("[data-chart]")) draw(root);
  root.querySelectorAll("[data-chart]").forEach(draw);
}

function download(place, name) {
  const source = place.querySelector("canvas");
  const sheet = make("canvas", { width: source.width, height: source.height });
  const paint = sheet.getContext("2d");
  paint.fillStyle = getComputedStyle(place).backgroundColor;
  paint.fillRect(0, 0, sheet.width, sheet.height);
  paint.drawImage(source, 0, 0);
  sheet.toBlob((blob) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-chart]");
  if (!place) return;
  const table = event.target.closest("[data-chart-table]");
  if (table) {
    const pressed = table.getAttribute("aria-pressed") !== "true";
    table.setAttribute("aria-pressed", String(pressed));
    place.querySelector(".chart-table").hidden = !pressed;
    place.querySelector(".chart-canvas").hidden = pressed;
  }
  const png = event.target.closest("[data-chart-png]");
  if (png) download(place, png.dataset.chartPng);
});

document.addEventListener("theme-changed", () => [...drawn.keys()].forEach(draw));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [...drawn.keys()].forEach(draw));
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) drawAll(event.detail.elt);
});
drawAll(document);
