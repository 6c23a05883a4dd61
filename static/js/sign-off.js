/* The provider's page: the button says how many sessions it sends, a changed length says so. Works without. */
(function () {
  "use strict";
  var form = document.querySelector("[data-sign-off]");
  if (!form) { return; }
  var button = form.querySelector("[data-sign-button]");
  var rows = Array.prototype.slice.call(form.querySelectorAll("[data-sign-row]"));

  function refresh() {
    var number = 0;
    rows.forEach(function (row) {
      var answer = row.querySelector("select").value;
      var reason = row.querySelector("[data-sign-reason]");
      if (answer !== "later") { number += 1; }
      if (answer === "decline" && !reason.open) { reason.open = true; }
    });
    button.textContent = number === 1 ? button.dataset.one : button.dataset.many.replace("NUMBER", String(number));
  }
  form.addEventListener("change", refresh);
  refresh();
}());
