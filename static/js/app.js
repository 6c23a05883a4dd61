/* Small helps on every page. Nothing here is needed to do anything: forms and links work without it. */
(function () {
  "use strict";
  var live = document.getElementById("live");

  /* Say something in the page's one live region. Other files: document.dispatchEvent(new CustomEvent("portal:say", {detail: "Saved"})) */
  document.addEventListener("portal:say", function (event) {
    if (!live) { return; }
    var line = document.createElement("p");
    line.className = "visually-hidden";
    line.textContent = event.detail;
    live.appendChild(line);
    window.setTimeout(function () { line.remove(); }, 8000);
  });

  document.addEventListener("click", function (event) {
    var closer = event.target.closest("[data-dismiss-flash]");
    if (closer) { closer.closest(".flash").remove(); }
    if (event.target.closest("[data-print]")) { window.print(); }
    var copier = event.target.closest("[data-copy]");
    if (copier && navigator.clipboard) {
      navigator.clipboard.writeText(copier.dataset.copy).then(function () {
        document.dispatchEvent(new CustomEvent("portal:say", { detail: copier.dataset.copied || "" }));
      });
    }
    /* An open menu closes when the click is elsewhere. */
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  /* A control that should send its form as soon as it changes; without script there is a button. */
  document.addEventListener("change", function (event) {
    var form = event.target.closest("[data-submit-on-change]");
    if (form) { form.requestSubmit(); }
    var files = event.target.closest("input[type=file][data-max-bytes]");
    if (files) { checkSize(files); }
  });

  /* Say at once that a file is too large; the server checks again. */
  function checkSize(input) {
    var file = input.files[0];
    var tooLarge = Boolean(file) && file.size > Number(input.dataset.maxBytes);
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge || "" : "");
    if (tooLarge) { input.reportValidity(); }
  }

  /* One press is one act: a second press while the first is on its way does nothing. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again")) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  /* The coordinators' menu starts closed on small screens. Without script it stays open and usable. */
  var rail = document.querySelector("[data-rail]");
  if (rail && window.matchMedia("(max-width: 63.98rem)").matches) { rail.removeAttribute("open"); }

  /* An error summary takes the focus when the page arrives. */
  var errors = document.querySelector(".errors");
  if (errors) { errors.focus(); }

  document.addEventListener("htmx:afterSwap", function (event) {
    var summary = event.target.querySelector && event.target.querySelector(".errors");
    if (summary) { summary.focus(); }
    if (event.target.dataset && event.target.dataset.announce) {
      document.dispatchEvent(new CustomEvent("portal:say", { detail: event.target.dataset.announce }));
    }
  });

  /* Reviewer: J and K walk the criteria, M and N mark them. Only outside text fields, and it can be turned off. */
  var list = document.querySelector("[data-critlist]");
  if (list) {
    document.addEventListener("keydown", function (event) {
      var off = document.querySelector("[data-keys-off]:checked");
      if (off || event.target.closest("input[type=text], input[type=search], textarea, select") || event.ctrlKey || event.metaKey || event.altKey) { return; }
      var links = Array.prototype.slice.call(document.querySelectorAll("[data-critlist] a"));
      var at = links.indexOf(document.activeElement);
      if (at < 0) { at = links.findIndex(function (a) { return a.hasAttribute("aria-current"); }); }
      if (event.key === "j" && (links[at + 1] || links[at])) { (links[at + 1] || links[at]).focus(); }
      if (event.key === "k" && (links[at - 1] || links[at])) { (links[at - 1] || links[at]).focus(); }
      mark(event.key, "m", "verdict-met");
      mark(event.key, "n", "verdict-not");
    });
  }
  function mark(pressed, key, id) {
    var input = pressed === key ? document.getElementById(id) : null;
    if (input) { input.checked = true; }
  }
}());
