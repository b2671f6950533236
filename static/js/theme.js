/* Runs before the first paint so that a dark page never flashes white. */
(function () {
  "use strict";
  var root = document.documentElement;
  var stored = null;
  try { stored = localStorage.getItem("theme"); } catch (error) { stored = null; }
  var system = window.matchMedia("(prefers-color-scheme: dark)");

  function apply(theme) {
    root.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("theme:changed", { detail: { theme: theme } }));
  }

  root.classList.add("js");
  apply(stored || (system.matches ? "dark" : "light"));
  system.addEventListener("change", function (event) {
    if (!stored) { apply(event.matches ? "dark" : "light"); }
  });

  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) { return; }
    stored = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", stored); } catch (error) { /* private mode: this page only */ }
    apply(stored);
  });
})();
