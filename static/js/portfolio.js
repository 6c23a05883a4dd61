/* Helps for the portfolio's forms. Without script a part is opened by hand and a length is typed or taken from the list. */
(function () {
  "use strict";

  /* A part of a form that one choice needs opens with it. */
  function openWith(part) {
    var choice = document.getElementById(part.dataset.openBy);
    if (!choice || part.opening) { return; }
    part.opening = true;
    choice.addEventListener("change", function () {
      part.open = choice.value === part.dataset.openWhen;
    });
  }

  /* Usual lengths as buttons under the field: the same as its list of suggestions, one press each. */
  function chips(input) {
    var list = document.getElementById(input.getAttribute("list"));
    if (!list || input.chips) { return; }
    input.chips = true;
    var row = document.createElement("div");
    row.className = "chips chips--lengths";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", input.dataset.chips);
    Array.prototype.forEach.call(list.options, function (option) {
      var chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.textContent = option.value;
      chip.addEventListener("click", function () {
        input.value = option.value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      row.appendChild(chip);
    });
    function press() {
      row.querySelectorAll("button").forEach(function (chip) {
        chip.setAttribute("aria-pressed", String(chip.textContent === input.value));
      });
    }
    input.addEventListener("input", press);
    press();
    input.closest(".field").appendChild(row);
  }

  function attachAll(root) {
    root.querySelectorAll("details[data-open-by]").forEach(openWith);
    root.querySelectorAll("input[data-chips]").forEach(chips);
  }
  attachAll(document);
  document.addEventListener("htmx:load", function (event) { attachAll(event.target.parentNode || document); });
}());
