/* Keeps what is typed. A form with data-autosave (see web.drafts.autosave_attributes) sends its fields a moment after the
   last key. Offline, or when the session ended, the text stays in the page and is sent as soon as that works again.
   Nothing is ever put into the browser's storage. Without this file every form still works: it only keeps nothing. */
(function () {
  "use strict";
  var PAUSE = 1200;
  var RETRY = [5000, 10000, 20000, 30000];
  var FLUSH = 4000;

  function attach(form) {
    if (form.autosaving) { return; }
    form.autosaving = true;
    var words = JSON.parse(form.dataset.autosaveWords || "{}");
    var version = Number(form.dataset.autosaveVersion || 0);
    var dirty = false, touched = false, failed = false, stopped = false, leaving = false, tries = 0, timer = 0, running = null;
    var wanted = null;
    var writer = mark();
    var state = form.querySelector("[data-autosave-state]");
    if (!state) {
      state = document.createElement("p");
      state.className = "saved";
      form.appendChild(state);
    }

    function show(text, href, label) {
      state.textContent = text;
      if (href) {
        var link = document.createElement("a");
        link.href = href;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = label;
        state.append(" ", link);
      }
    }
    function say(text) { document.dispatchEvent(new CustomEvent("portal:say", { detail: text })); }
    function trouble(text, href, label) {
      if (!failed) { say(text); }
      failed = true;
      show(text, href, label);
    }

    function fields() {
      var body = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        var control = form.elements[name];
        if (typeof value === "string" && !(control && control.type === "password")) { body.append(name, value); }
      });
      body.set("_draft_version", String(version));
      body.set("_draft_writer", writer);
      if (form.dataset.autosaveOwner) { body.set("_draft_owner", form.dataset.autosaveOwner); }
      return body;
    }

    function plan(wait) {
      window.clearTimeout(timer);
      if (!stopped && !leaving) { timer = window.setTimeout(save, wait); }
    }
    function again() {
      plan(RETRY[Math.min(tries, RETRY.length - 1)]);
      tries += 1;
    }

    /* Resolves to "saved", "out" (signed out), "off" (no answer), "refused" or "stopped". */
    function save() {
      window.clearTimeout(timer);
      if (running) { return running.then(function () { return dirty ? save() : "saved"; }); }
      if (stopped || !dirty) { return Promise.resolve(stopped ? "stopped" : "saved"); }
      dirty = false;
      running = send(true).then(function (outcome) {
        running = null;
        if (outcome === "out" || outcome === "off") { dirty = true; again(); }
        return outcome;
      });
      return running;
    }

    function send(mayRenew) {
      var options = { method: "POST", body: fields(), credentials: "same-origin", redirect: "manual", keepalive: true };
      return window.fetch(form.dataset.autosave, options).then(function (answer) {
        if (answer.status === 200) { return answer.json().then(saved); }
        if (answer.status === 401) { return signedOut(); }
        if (answer.status === 403) { return mayRenew ? renew() : stop(words.other || ""); }
        if (answer.status === 409) { return answer.text().then(conflict); }
        if (answer.status === 413) { return stop(words.large || ""); }
        if (answer.status === 429) { return stop(words.many || ""); }
        if (answer.status === 0 || answer.status >= 500) { return offline(); }
        return refused();
      }, offline);
    }

    function saved(answer) {
      version = answer.version;
      form.dataset.autosaveVersion = String(version);
      tries = 0;
      var time = new Date(answer.saved_at).toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
      if (failed) { say(words.saved || ""); }
      failed = false;
      show((words.saved || "") + " " + time);
      if (wanted && !dirty) { goOn(); }
      return "saved";
    }
    /* What was to be sent while there was no way is sent now. */
    function goOn() {
      var submitter = wanted.submitter;
      wanted = null;
      leaving = true;
      window.setTimeout(function () { form.requestSubmit(submitter || undefined); }, 0);
    }
    function signedOut() {
      trouble(words.signed_out || "", form.dataset.autosaveLogin, words.sign_in || "");
      return "out";
    }
    function offline() {
      if (wanted) { failed = false; }
      trouble((wanted ? words.sending : words.offline) || "");
      return "off";
    }
    /* Not kept, but nothing hinders the form itself: its own answer says what is wrong. */
    function refused() {
      trouble(words.refused || "");
      return "refused";
    }
    function stop(text) {
      stopped = true;
      trouble(text);
      return "stopped";
    }

    /* After a new sign-in the page's token is old: fetch one, put it into every form of the page, try once more. */
    function renew() {
      var address = form.dataset.autosave + "?owner=" + encodeURIComponent(form.dataset.autosaveOwner || "");
      return window.fetch(address, { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
        if (answer.status === 401) { return signedOut(); }
        if (answer.status === 403) { return stop(words.other || ""); }
        if (answer.status !== 200) { return offline(); }
        return answer.json().then(function (found) {
          document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (input) { input.value = found.csrf; });
          document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": found.csrf }));
          return send(false);
        });
      }, offline);
    }

    /* Two versions: the server sends them side by side, the person chooses. */
    function conflict(html) {
      stopped = true;
      var place = document.createElement("div");
      place.innerHTML = html;
      form.insertBefore(place, form.firstChild);
      name(place);
      var note = place.querySelector("[data-autosave-conflict]");
      place.addEventListener("click", function (event) {
        var choice = event.target.closest("[data-autosave-keep]");
        if (!choice) { return; }
        if (choice.dataset.autosaveKeep === "theirs") {
          leaving = true;
          window.location.assign(window.location.href.split("#")[0]);
          return;
        }
        version = Number(note.dataset.version);
        stopped = false;
        dirty = true;
        place.remove();
        save();
      });
      trouble(words.conflict || "");
      return "stopped";
    }
    /* The server knows fields by their names, people by their labels. */
    function name(place) {
      place.querySelectorAll("[data-autosave-field]").forEach(function (row) {
        var control = form.elements[row.dataset.autosaveField];
        var labels = control && (control.labels || (control[0] && control[0].labels));
        if (labels && labels.length) { row.firstElementChild.textContent = labels[0].textContent.trim(); }
      });
    }

    form.addEventListener("input", function (event) {
      if (event.target.type === "file" || event.target.type === "password") { return; }
      dirty = touched = true;
      wanted = null;
      plan(PAUSE);
    });

    /* A page that comes back with a message by the field goes on from the draft this page has seen. */
    function carry() {
      var seen = form.querySelector("input[name=_draft_seen]") || document.createElement("input");
      seen.type = "hidden";
      seen.name = "_draft_seen";
      seen.value = version + " " + form.dataset.autosaveKey;
      form.appendChild(seen);
    }

    /* What was typed is kept before the form goes: neither a session that ended nor a line that is cut swallows it.
       First of all listeners, so that nobody else sends the form meanwhile. */
    form.addEventListener("submit", function (event) {
      if (leaving || stopped || event.defaultPrevented || (!touched && !running)) { leaving = true; carry(); return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      dirty = true;
      wanted = { submitter: event.submitter };
      var late = new Promise(function (resolve) { window.setTimeout(resolve, FLUSH, "late"); });
      Promise.race([save(), late]).then(function (outcome) {
        if (outcome === "out" || outcome === "off") { state.scrollIntoView({ block: "center" }); return; }
        if (wanted && !stopped) { goOn(); }
      });
    }, true);

    /* Sent by HTMX, the page stays: what comes back instead of an answer must not end the keeping. */
    form.addEventListener("htmx:sendError", function () { stay(offline); });
    form.addEventListener("htmx:responseError", function (event) {
      if (event.detail.xhr.status >= 500) { stay(offline); }
    });
    form.addEventListener("htmx:beforeSwap", function (event) {
      if (event.detail.xhr.status >= 500) { event.detail.shouldSwap = false; }
      if (event.detail.xhr.responseURL.indexOf(form.dataset.autosaveLogin) < 0) { return; }
      event.detail.shouldSwap = false;
      stay(signedOut);
    });
    function stay(say) {
      leaving = false;
      dirty = true;
      say();
      again();
    }

    function hurry() { if (dirty && !stopped) { save(); } }
    window.addEventListener("online", hurry);
    window.addEventListener("focus", function () { if (failed) { hurry(); } });
    document.addEventListener("visibilitychange", function () { if (!leaving) { hurry(); } });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { leaving = false; } });
    window.addEventListener("beforeunload", function (event) {
      if (dirty && failed && !leaving) { event.preventDefault(); }
    });
  }

  /* Which page wrote a draft last: an answer that was lost on the way is no other window. */
  function mark() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(12));
    return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  function attachAll(root) { root.querySelectorAll("form[data-autosave]").forEach(attach); }
  attachAll(document);
  document.addEventListener("htmx:load", function (event) { attachAll(event.target.parentNode || document); });
}());
