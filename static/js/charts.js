/* Draws <canvas data-chart="bar|line|scatter" data-source="#table-id"> from the table beside it, so the two can never disagree.
   Row headings (th) become labels; each column whose heading has data-series becomes a series of its cells' data-number.
   A scatter takes its two axes from the headings with data-x and data-y, and a point from each row with data-point. */
(function () {
  "use strict";
  var drawn = new Map();

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function read(table, kind) {
    var heads = Array.from(table.querySelectorAll("thead th"));
    var rows = Array.from(table.querySelectorAll("tbody tr"));
    var columns = heads.map(function (head, at) { return { head: head, at: at }; })
      .filter(function (column) { return column.head.hasAttribute("data-series"); });
    // The smallest bar must be seen; nothing at all must not look like one.
    var blank = kind === "bar" ? null : 0;
    return {
      labels: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      datasets: columns.map(function (column, index) {
        var paint = color("--dw-chart-" + (index + 1));
        return {
          label: column.head.dataset.series || column.head.textContent.trim(),
          data: rows.map(function (row) { return Number(row.cells[column.at].dataset.number) || blank; }),
          backgroundColor: paint, borderColor: paint, borderRadius: 4, maxBarThickness: 26, minBarLength: 2,
          pointRadius: 2, borderWidth: { bar: 0, line: 2 }[kind], tension: 0.25
        };
      })
    };
  }

  function readPoints(table) {
    var heads = Array.from(table.querySelectorAll("thead th"));
    var across = heads.findIndex(function (head) { return head.hasAttribute("data-x"); });
    var up = heads.findIndex(function (head) { return head.hasAttribute("data-y"); });
    var rows = Array.from(table.querySelectorAll("tbody tr[data-point]"));
    return {
      axes: [heads[across].dataset.x, heads[up].dataset.y],
      datasets: rows.map(function (row, index) {
        var paint = color("--dw-chart-" + (index % 3 + 1));
        return {
          label: row.cells[0].querySelector(".fw-medium").textContent.trim(),
          data: [{ x: Number(row.cells[across].dataset.number), y: Number(row.cells[up].dataset.number) }],
          backgroundColor: paint, borderColor: paint, pointRadius: 7, pointHoverRadius: 9,
          pointStyle: ["circle", "triangle", "rect", "rectRot", "star"][index % 5]
        };
      })
    };
  }

  function money(value) {
    return (value < 0 ? "\u2212$" : "$") + Math.abs(value).toLocaleString("en-US", { maximumFractionDigits: 0 });
  }

  function pointOptions(data) {
    var ink = color("--dw-chart-ink");
    function axis(name) {
      return {
        title: { display: true, text: name, color: ink }, grid: { color: color("--dw-chart-grid") },
        ticks: { color: ink, callback: money, maxTicksLimit: 5 }
      };
    }
    return {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      plugins: {
        legend: { labels: { color: ink, usePointStyle: true } },
        tooltip: { callbacks: { label: function (item) {
          return item.dataset.label + ": " + money(item.raw.x) + " / " + money(item.raw.y);
        } } }
      },
      scales: { x: axis(data.axes[0]), y: axis(data.axes[1]) }
    };
  }

  function options(canvas, data) {
    var sideways = canvas.dataset.chart === "bar";
    var ink = color("--dw-chart-ink");
    var grid = { color: color("--dw-chart-grid") };
    var counts = { beginAtZero: true, grid: grid, ticks: { color: ink, precision: 0 } };
    var names = { grid: { display: false }, ticks: { color: ink } };
    return {
      indexAxis: sideways ? "y" : "x",
      responsive: true,
      maintainAspectRatio: false,
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 350 },
      plugins: { legend: { display: data.datasets.length > 1, labels: { color: ink, boxWidth: 12 } } },
      scales: sideways ? { x: counts, y: names } : { x: names, y: counts }
    };
  }

  function draw(canvas) {
    var table = document.querySelector(canvas.dataset.source);
    if (!table || !window.Chart) { return; }
    var isScatter = canvas.dataset.chart === "scatter";
    var data = isScatter ? readPoints(table) : read(table, canvas.dataset.chart);
    if (drawn.has(canvas)) { drawn.get(canvas).destroy(); }
    drawn.set(canvas, new window.Chart(canvas, {
      type: canvas.dataset.chart, data: data, options: isScatter ? pointOptions(data) : options(canvas, data)
    }));
  }

  function drawAll() {
    drawn.forEach(function (chart, canvas) {
      if (!canvas.isConnected) { chart.destroy(); drawn.delete(canvas); }
    });
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("theme:changed", drawAll);
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.querySelector("canvas[data-chart]")) { drawAll(); }
  });
})();
