/* Keyboard: "/" search, "g" then a letter goes somewhere, j/k walk a list, "?" explains. One switch turns it all off. */
(function () {
  "use strict";
  var LEADER_MS = 1200;
  var leaderAt = 0;

  function enabled() {
    try { return localStorage.getItem("keys") !== "off"; } catch (error) { return true; }
  }

  function typing(node) {
    return node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
  }

  function openHelp() {
    var dialog = document.getElementById("keys-help");
    if (dialog && !dialog.open) { dialog.showModal(); }
  }

  function goTo(letter) {
    var link = document.querySelector('a[data-key="' + CSS.escape(letter) + '"]');
    if (link) { window.location.assign(link.href); }
    return Boolean(link);
  }

  function walk(step) {
    var rows = Array.from(document.querySelectorAll("[data-row]"));
    if (!rows.length) { return false; }
    var here = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
    var target = next.matches("a") ? next : next.querySelector("a, button") || next;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
    return true;
  }

  function handle(event) {
    if (event.key === "?") { openHelp(); return true; }
    if (!enabled()) { return false; }
    if (Date.now() - leaderAt < LEADER_MS) { leaderAt = 0; return goTo(event.key); }
    if (event.key === "g") { leaderAt = Date.now(); return true; }
    if (event.key === "/") {
      var box = document.querySelector("[data-search]");
      if (box) { box.focus(); box.select(); }
      return Boolean(box);
    }
    if (event.key === "j") { return walk(1); }
    if (event.key === "k") { return walk(-1); }
    return false;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    if (typing(event.target) || document.querySelector("dialog[open], .modal.show")) { return; }
    if (handle(event)) { event.preventDefault(); }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-keys-help]")) { openHelp(); }
    if (event.target.closest("[data-close-dialog]")) { event.target.closest("dialog").close(); }
  });
  document.addEventListener("DOMContentLoaded", function () {
    var box = document.getElementById("keys-enabled");
    if (!box) { return; }
    box.checked = enabled();
    box.addEventListener("change", function () {
      try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch (error) { /* this page only */ }
    });
  });
})();
