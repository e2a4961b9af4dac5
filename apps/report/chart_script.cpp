// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/chart_script.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kUplotStyle =
#include "chronotope/apps/uplot/style.inc"
    ;
constexpr const char* kUplotScript =
#include "chronotope/apps/uplot/script.inc"
    ;

constexpr const char* kStyle = R"css(
.chart { width: min(420px, 86vw); min-height: 260px; } .columns .chart { width: min(320px, 72vw); } .chart .u-title { font-size: 11px; font-weight: 600; text-align: left;
  padding-left: 48px; } .chart .u-legend { font-size: 10px; color: var(--faint); } .uplot, .uplot *, .uplot *::before { box-sizing: border-box; }
)css";

constexpr const char* kScript = R"js(
(() => {
  const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const font = '10px system-ui, sans-serif';

  // Grey where a stimulus lasts, its label above.
  function drawStimuli(u, stimuli) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height);
    ctx.clip();
    ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    for (const s of stimuli) {
      const from = u.valToPos(s.from, 'x', true), until = u.valToPos(s.until, 'x', true);
      ctx.globalAlpha = 0.16;
      ctx.fillStyle = color('muted');
      ctx.fillRect(from, bbox.top, until - from, bbox.height);
      ctx.globalAlpha = 1;
      ctx.fillStyle = color('faint');
      ctx.fillText(s.label, Math.max(from, bbox.left) + 3, bbox.top - 3 * devicePixelRatio);
    }
    ctx.restore();
  }

  // Keeps an interval inside [0, end].
  function inside(min, max, end) {
    const width = Math.min(max - min, end);
    const low = Math.min(Math.max(0, min), end - width);
    return { min: low, max: low + width };
  }

  function navigate(u, end) {
    const over = u.over;
    over.addEventListener('wheel', e => {
      e.preventDefault();
      const at = u.posToVal(e.offsetX, 'x'), { min, max } = u.scales.x, k = e.deltaY < 0 ? 0.75 : 1 / 0.75;
      u.setScale('x', inside(at - (at - min) * k, at + (max - at) * k, end));
    }, { passive: false });
    over.addEventListener('mousedown', e => {
      if (!e.shiftKey) return;
      e.stopImmediatePropagation();
      const { min, max } = u.scales.x, begin = e.clientX, perPixel = (max - min) / over.clientWidth;
      const move = m => { const d = (begin - m.clientX) * perPixel; u.setScale('x', inside(min + d, max + d, end)); };
      const stop = () => { removeEventListener('mousemove', move); removeEventListener('mouseup', stop); };
      addEventListener('mousemove', move);
      addEventListener('mouseup', stop);
    }, true);
  }

  function draw(div) {
    const chart = JSON.parse(div.querySelector('script').textContent);
    const data = [chart.x, ...chart.series.map((s, k) => chart.x.map((_, i) => chart.of[i] === k ? chart.y[i] : null))];
    const axis = { stroke: () => color('faint'), grid: { stroke: () => color('grid'), width: 1 }, ticks: { show: false }, font, labelFont: font,
      labelSize: 14, size: 26 };
    const u = new uPlot({
      title: chart.title, width: div.clientWidth, height: 230, padding: [12, 18, 0, 0],
      scales: { x: { time: false, range: (_, min, max) => min == null ? [0, chart.end] : [min, max] }, y: { range: [0, chart.neurons] } },
      axes: [{ ...axis, label: 'ms' }, { ...axis, label: 'neuron', size: 34 }],
      series: [{ label: 'ms' }, ...chart.series.map(s => ({ label: s.label, stroke: () => color(s.style), paths: () => null,
        points: { show: true, size: 2.2, width: 0, fill: () => color(s.style) } }))],
      cursor: { drag: { x: true, y: false }, points: { show: false }, bind: { dblclick: v => () => { v.setScale('x', { min: 0, max: chart.end }); return null; } } }, legend: { show: false },
      hooks: { drawClear: [v => drawStimuli(v, chart.stimuli)], ready: [v => navigate(v, chart.end)] },
    }, data, div);
    u.setScale('x', { min: 0, max: chart.end });
    return u;
  }

  addEventListener('load', () => {
    const charts = [...document.querySelectorAll('.chart')].map(div => ({ div, u: draw(div) }));
    addEventListener('resize', () => charts.forEach(({ div, u }) => u.setSize({ width: div.clientWidth, height: 230 })));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(({ u }) => u.redraw(false)));
  });
})();
)js";

}  // namespace

std::string chart_style() { return std::string(kUplotStyle) + kStyle; }
std::string chart_script() { return std::string(kUplotScript) + kScript; }

}  // namespace chronotope::apps
