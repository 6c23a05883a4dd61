// Single-key shortcuts of the review screen: J and K move, M and N mark. Off inside text fields, and switchable.
(() => {
  "use strict";
  const form = document.querySelector("[data-review-keys]");
  const help = document.querySelector("[data-keys-help]");
  const control = document.querySelector("[data-keys-switch]");
  const KEY = "review-keys";
  let on = localStorage.getItem(KEY) !== "off";

  if (help) help.hidden = false;
  const show = () => control && control.setAttribute("aria-pressed", String(on));
  show();
  if (control) {
    control.addEventListener("click", () => {
      on = !on;
      localStorage.setItem(KEY, on ? "on" : "off");
      show();
    });
  }

  const follow = (rel) => {
    const link = document.querySelector(`a[rel="${rel}"]`);
    if (link) link.click();
  };
  const mark = (id) => {
    const choice = document.getElementById(id);
    if (choice && form) {
      choice.checked = true;
      choice.focus();
    }
  };
  const ACTS = {
    j: () => follow("next"),
    k: () => follow("prev"),
    m: () => mark("verdict-met"),
    n: () => mark("verdict-not"),
  };

  document.addEventListener("keydown", (event) => {
    const inText = event.target.closest("textarea, input:not([type=radio]), select, [contenteditable]");
    if (!on || inText || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = ACTS[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
