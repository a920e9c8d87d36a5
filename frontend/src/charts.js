// Charts from data that the page carries: <div class="chart" data-chart="id"> beside {{ data|json_script:"id" }}.
// Data: {kind: "line"|"bar"|"heat", title, x: [..], series: [{name, values, forecast?}], marks?: [{x, label}], y?: [..] for heat}.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { say } from "./words.js";

use([BarChart, HeatmapChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function common(data) {
  const [ink, line] = [token("ink-3"), token("line")];
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink, fontSize: 12 } };
  return {
    animation: !calm.matches,
    animationDuration: 200,
    color: [1, 2, 3, 4, 5, 6].map((number) => token(`chart-${number}`)),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    aria: { enabled: true, label: { description: summary(data) } },
    grid: { left: 8, right: 14, top: data.series.length > 1 ? 34 : 26, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, right: 0, icon: "roundRect", itemWidth: 12, itemHeight: 3, textStyle: { color: token("ink-2") } },
    // Drawn in the canvas: the page's policy allows no inline styles.
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("surface"), borderColor: line, textStyle: { color: token("ink"), fontSize: 12 } },
    xAxis: { type: "category", data: data.x, boundaryGap: data.kind !== "line", ...axis },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: 12 } },
  };
}

function line(data) {
  const marks = (data.marks ?? []).map((mark) => ({ xAxis: mark.x, label: { formatter: mark.label } }));
  return data.series.map((one, index) => ({
    name: one.name,
    type: "line",
    data: one.values,
    symbol: "none",
    lineStyle: { width: 2, type: one.forecast ? "dashed" : "solid" },
    areaStyle: index === 0 && !one.forecast ? { opacity: 0.1 } : undefined,
    markLine:
      index === 0 && marks.length
        ? { symbol: "none", silent: true, data: marks, lineStyle: { color: token("ink-3"), type: "dotted" }, label: { color: token("ink-2"), fontSize: 12 } }
        : undefined,
  }));
}

function bar(data) {
  return data.series.map((one) => ({ name: one.name, type: "bar", data: one.values, barMaxWidth: 26, stack: data.stacked ? "all" : undefined }));
}

function heat(data) {
  const cells = data.series[0].values.flatMap((row, y) => row.map((value, x) => [x, y, value]));
  const top = Math.max(1, ...cells.map((cell) => cell[2]));
  return {
    series: [{ type: "heatmap", data: cells, itemStyle: { borderWidth: 2, borderColor: token("surface"), borderRadius: 3 } }],
    yAxis: { type: "category", data: data.y, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: token("ink-3") } },
    visualMap: { show: false, min: 0, max: top, inRange: { color: [token("sunken"), token("chart-1")] } },
    tooltip: { ...common(data).tooltip, trigger: "item" },
  };
}

export function options(data) {
  const base = common(data);
  if (data.kind === "heat") return { ...base, ...heat(data) };
  return { ...base, series: data.kind === "bar" ? bar(data) : line(data) };
}

function summary(data) {
  if (data.kind === "heat") return data.title ?? "";
  const parts = data.series.map((one) => `${one.name}: ${Math.min(...one.values)}–${Math.max(...one.values)}`);
  return `${data.title ?? ""} (${data.x[0]} – ${data.x.at(-1)}). ${parts.join("; ")}`;
}

// The same numbers as a table that unfolds under the chart.
function table(data) {
  const head = ["tr", [["th", say("point")], ...data.series.map((one) => ["th", one.name])]];
  const rows = data.x.map((x, index) => ["tr", [["th", x], ...data.series.map((one) => ["td", String(one.values[index] ?? "—")])]]);
  const heatHead = ["tr", [["th", ""], ...data.x.map((x) => ["th", x])]];
  const heatRows = (data.y ?? []).map((y, row) => ["tr", [["th", y], ...data.series[0].values[row].map((value) => ["td", String(value)])]]);
  const isHeat = data.kind === "heat";
  return node(["details", [["summary", say("table")], ["div", [["table", [["thead", [isHeat ? heatHead : head]], ["tbody", isHeat ? heatRows : rows]]]]]]]);
}

function node([tag, inside]) {
  const element = document.createElement(tag);
  element.className = { details: "fold small", div: "table-wrap", table: "table" }[tag] ?? "";
  element.append(...(typeof inside === "string" ? [inside] : inside.map(node)));
  return element;
}

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const chart = init(box);
  box.setAttribute("role", "img");
  chart.setOption(options(data));
  box.setAttribute("aria-label", summary(data));
  box.after(table(data));
  const repaint = () => chart.setOption(options(data), { notMerge: true });
  new ResizeObserver(() => chart.resize()).observe(box);
  document.addEventListener("huiying:theme", repaint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  box.dataset.drawn = "yes";
}

const drawAll = () => document.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);
drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
