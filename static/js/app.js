/* What every page needs: request forgery token, toasts, error news, progress widths, counters. */
(function () {
  "use strict";
  var TOAST_SECONDS = 7;

  function meta(name) {
    var node = document.querySelector('meta[name="' + name + '"]');
    return node ? node.content : "";
  }

  function announce(text) {
    var live = document.getElementById("live");
    if (live) { live.textContent = ""; window.setTimeout(function () { live.textContent = text; }, 50); }
  }

  /* Errors stay until closed: a reader must have the time to act on them. */
  function armToast(node) {
    if (node.dataset.armed) { return; }
    node.dataset.armed = "1";
    if (/^(error|danger|warning)$/.test(node.dataset.level)) { return; }
    var timer = null;
    function start() { timer = window.setTimeout(function () { node.remove(); }, TOAST_SECONDS * 1000); }
    function stop() { window.clearTimeout(timer); }
    ["mouseenter", "focusin"].forEach(function (name) { node.addEventListener(name, stop); });
    ["mouseleave", "focusout"].forEach(function (name) { node.addEventListener(name, start); });
    start();
  }

  function toast(text, level) {
    var shape = document.getElementById("toast-shape");
    var box = document.getElementById("toasts");
    if (!shape || !box || !text) { return; }
    var node = shape.content.firstElementChild.cloneNode(true);
    node.dataset.level = level || "success";
    node.querySelector("[data-toast-text]").textContent = text;
    box.append(node);
    armToast(node);
  }

  function widths(scope) {
    scope.querySelectorAll("[data-value]").forEach(function (node) {
      var share = Math.max(0, Math.min(100, Number(node.dataset.value) || 0));
      node.style.setProperty("width", share + "%");
    });
  }

  /* The unread count is fetched once and shown wherever the page repeats it. */
  function mirrorBadge() {
    var source = document.getElementById("inbox-badge");
    if (!source) { return; }
    document.querySelectorAll("[data-inbox-badge]").forEach(function (node) {
      node.innerHTML = source.innerHTML;
    });
  }

  function refresh(scope) {
    widths(scope);
    document.querySelectorAll("#toasts .toast").forEach(armToast);
  }

  /* The chosen file's name, and from it a name for the list, unless somebody wrote one. */
  function showFile(input) {
    var file = input.files[0];
    var shown = document.querySelector("[data-file-shown]");
    var name = input.form.elements.list_name;
    if (!file || !shown) { return; }
    shown.textContent = file.name;
    if (name && (!name.value || name.value === name.dataset.guessed)) {
      name.value = file.name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " ").trim().slice(0, 120);
      name.dataset.guessed = name.value;
    }
  }

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = meta("csrf-token"); }
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var polls = (event.detail.elt.getAttribute("hx-trigger") || "").includes("every");
    if (polls && document.hidden) { event.preventDefault(); }
  });
  document.addEventListener("htmx:load", function (event) { refresh(event.detail.elt); });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "inbox-badge") { mirrorBadge(); }
  });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    var text = {
      403: "You may not do that in this workspace. Nothing was changed.",
      404: "That is no longer here. Reload the page to see what is.",
      429: "Too many requests at once. Wait a moment, then try again."
    }[status] || "The server could not do that (" + status + "). Nothing was changed; try again.";
    toast(text, "danger");
  });
  document.addEventListener("htmx:sendError", function () {
    toast("No connection to the server. Nothing was sent; try again.", "danger");
  });
  /* A response sends HX-Trigger: {"toast": {"text": "...", "level": "success"}}. */
  document.addEventListener("toast", function (event) {
    toast(event.detail.text || event.detail.value, event.detail.level);
  });
  document.addEventListener("announce", function (event) {
    announce(event.detail.text || event.detail.value);
  });

  document.addEventListener("click", function (event) {
    var close = event.target.closest("[data-toast-close]");
    if (close) { close.closest(".toast").remove(); return; }
    var copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () { toast("Copied."); });
    }
  });
  /* A slider says its amount while it moves. One that stands for an unknown is sent once it was touched. */
  document.addEventListener("input", function (event) {
    if (!event.target.matches("[data-range]")) { return; }
    delete event.target.dataset.untouched;
    var output = event.target.form.querySelector('[data-output="' + event.target.name + '"]');
    if (output) { output.textContent = "$" + Number(event.target.value).toLocaleString("en-US"); }
  });
  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.elt.querySelectorAll("[data-range][data-untouched]").forEach(function (node) {
      delete event.detail.parameters[node.name];
    });
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-autosubmit]")) { event.target.form.requestSubmit(); }
    if (event.target.matches("[data-file-input]")) { showFile(event.target); }
  });
  document.addEventListener("DOMContentLoaded", function () { refresh(document); });
})();
