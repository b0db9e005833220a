// For pages of staff, beside survey.js. Every piece is an extra over a page that works without it.

// A page that waits for a job loads its progress again until it has ended; the page refreshes itself without this.
const live = document.querySelector("[data-live]");
if (live) {
  document.querySelector("meta[http-equiv=refresh]")?.remove();
  const look = async () => {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh || reply.url !== location.href) return location.replace(reply.url);
    live.innerHTML = fresh.innerHTML;
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
}

// Others' decisions are told, and the page stays as it is: nothing depends on this, the server checks each decision.
const watch = document.querySelector("[data-watch]");
if (watch) {
  const ask = async () => {
    if (document.hidden || watch.hasChildNodes()) return;
    const reply = await fetch(watch.dataset.watch).catch(() => null);
    if (!reply?.ok || reply.redirected) return;
    const { who, told } = await reply.json();
    if (!told) return;
    for (const other of document.querySelectorAll(".said")) other.classList.remove("said");
    const words = document.createElement("p"), again = document.createElement("button");
    words.textContent = watch.dataset.words.replace("{told}", () => told).replace("{who}", () => who);
    again.textContent = watch.dataset.button;
    again.className = "button small quiet";
    again.addEventListener("click", () => location.reload());
    watch.className = "note warm row spread said";
    watch.append(words, again);
  };
  setInterval(ask, 15000);
  document.addEventListener("visibilitychange", ask);
}

// Ticking comments: all at once, a range with Shift, how many there are; only the fields that the choice needs.
for (const form of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...form.querySelectorAll("[name=comment]")], chosen = form.querySelector(".chosen");
  if (!chosen) continue;
  const all = document.createElement("label"), every = document.createElement("input");
  every.type = "checkbox";
  all.className = "tick all";
  all.append(every, form.dataset.all);
  form.querySelector("ol").before(all);
  const empty = chosen.textContent;
  let last;
  const count = () => {
    const n = boxes.filter((box) => box.checked).length;
    chosen.textContent = n > 1 ? chosen.dataset.many.replace("{n}", n) : n ? chosen.dataset.one : empty;
    form.querySelector(".bulk-row").hidden = n === 0;
    every.checked = n === boxes.length;
    every.indeterminate = n > 0 && n < boxes.length;
  };
  every.addEventListener("change", () => {
    for (const box of boxes) box.checked = every.checked;
    count();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
      }
      last = box;
      count();
    });
  }
  const action = form.querySelector("[name=do]");
  const fit = () => {
    for (const field of form.querySelectorAll("[data-for]")) field.hidden = !field.dataset.for.split(" ").includes(action.value);
  };
  action.addEventListener("change", fit);
  fit();
  count();
}

// The board by keyboard and by dragging; each does what a button of the card does.
const cards = () => [...document.querySelectorAll("[data-cards] .theme")].filter((card) => card.offsetParent);
const list = document.querySelector("[data-cards]");
const keys = document.getElementById("keys");
if (list && keys) {
  const opener = document.querySelector("[data-opens=keys]"), toggle = keys.querySelector("[data-keys-switch]");
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());
  toggle.checked = localStorage.getItem("keys") !== "off";
  toggle.addEventListener("change", () => localStorage.setItem("keys", toggle.checked ? "on" : "off"));
  const step = (by) => {
    const all = cards(), here = all.indexOf(document.activeElement.closest(".theme"));
    all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
  };
  const press = (name, within) => within?.querySelector(`[formaction$="/${name}"], [data-do=${name}]`)?.click();
  const go = (card, ending) => {
    if (card && document.getElementById("d")) location.href = card.querySelector("h3 a").href + ending;
  };
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    a: (card) => press("accept", card),
    x: (card) => press("reject", card),
    p: (card) => press("park", card),
    r: (card) => go(card, "#name"),
    m: (card) => go(card, "/merge"),
    u: () => press("undo", document),
    "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target, card = at.closest(".theme");
    if (event.ctrlKey || event.metaKey || event.altKey || !toggle.checked) return;
    if (at.closest("input, textarea, select, dialog")) return;
    if (event.key === "Enter" && at === card) card.querySelector("h3 a").click();
    else if (Object.hasOwn(acts, event.key)) {
      event.preventDefault();
      acts[event.key](card);
    }
  });
}
if (list && document.getElementById("d")) {
  let held;
  const mates = (card) => cards().filter((other) => other.dataset.group === card.dataset.group);
  for (const card of cards().filter((card) => card.dataset.group)) {
    const handle = card.querySelector(".place");
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      held = card;
      card.classList.add("held");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(card, 0, 0);
    });
    handle.addEventListener("dragend", () => {
      held = null;
      for (const other of cards()) other.classList.remove("held", "over");
    });
    card.addEventListener("dragover", (event) => {
      const fits = held && held !== card && held.dataset.group === card.dataset.group;
      if (fits) event.preventDefault();
      card.classList.toggle("over", Boolean(fits));
    });
    card.addEventListener("dragleave", () => card.classList.remove("over"));
    card.addEventListener("drop", (event) => {
      event.preventDefault();
      const button = document.createElement("button");
      button.setAttribute("form", "d");
      button.formAction = `${held.querySelector("h3 a").href}/place`;
      button.name = "place";
      button.value = mates(card).indexOf(card) + 1;
      button.hidden = true;
      document.body.append(button);
      button.click();
    });
  }
}

// Coding a comment: the number beside a theme ticks it, while the focus is among the answers.
for (const form of document.querySelectorAll("[data-code-keys]")) {
  for (const box of form.querySelectorAll("[data-key]")) {
    const key = document.createElement("kbd");
    key.textContent = box.dataset.key;
    key.ariaHidden = "true";
    box.closest("label").append(key);
  }
  if (!document.querySelector(".errors")) form.querySelector("[data-key]")?.focus({ preventScroll: true });
  form.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || at.matches("textarea, select, input[type=text]")) return;
    const part = at.closest("section") ?? form;
    const box = /^\d$/.test(event.key) && part.querySelector(`[data-key="${event.key}"]`);
    if (!box) return;
    event.preventDefault();
    box.click();
    box.focus();
  });
}

// Typing in paper sheets: in a group of choices, a digit chooses the first to ninth answer.
for (const form of document.querySelectorAll("[data-key-in]")) {
  form.addEventListener("keydown", (event) => {
    const group = event.target.matches("input[type=radio], input[type=checkbox]") && event.target.closest("fieldset, tr");
    if (!group || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const box = group.querySelectorAll(`input[name="${CSS.escape(event.target.name)}"]`)[event.key - 1];
    if (box) { box.click(); box.focus(); event.preventDefault(); }
  });
}
