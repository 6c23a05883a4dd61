/* Theme. Loaded before the first paint: follows the system when nobody chose, and makes the switch instant.
   The choice itself is kept by the server in a cookie, so the switch works without this file too. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  if (root.hasAttribute("data-theme-auto") && window.matchMedia("(prefers-color-scheme: dark)").matches) {
    root.dataset.bsTheme = "dark";
  }

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-theme-form]");
    if (!form) { return; }
    event.preventDefault();
    var theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = theme;
    root.removeAttribute("data-theme-auto");
    var body = new URLSearchParams(new FormData(form));
    body.set("theme", theme);
    window.fetch(form.action, { method: "POST", body: body, redirect: "manual", credentials: "same-origin" })
      .catch(function () { /* the page already shows it; the next switch tries again */ });
  });
}());
