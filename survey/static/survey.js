// What HTML cannot do. Every piece is an extra over a page that works without it.
"use strict";

// The error summary takes the focus, so that a screen reader reads it first.
document.querySelector(".errors")?.focus();

// Double click: a form is sent once; the server would store it once all the same.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}

// The link of an invitation carries its code behind the number sign, which browsers send to nobody: into the field.
const invited = document.querySelector("[data-from-address]");
if (invited && /^#[0-9A-Za-z-]{12,20}$/.test(location.hash)) {
  invited.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}

// "You have 4,916 characters left" is counted while typing, announced when typing pauses.
for (const area of document.querySelectorAll("[data-limit]")) {
  const left = document.getElementById(area.dataset.left);
  let pause;
  const count = () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const n = area.dataset.limit - [...area.value].length;
      left.textContent = (n < 0 ? left.dataset.over : left.dataset.under).replace("{n}", Math.abs(n).toLocaleString(document.documentElement.lang, { numberingSystem: "latn" }));
    }, 400);
  };
  area.addEventListener("input", count);
}

// Writing an answer of one's own ticks "Other"; "None of these" and the other answers take each other out.
for (const own of document.querySelectorAll("[data-own]")) {
  const other = document.getElementById(own.dataset.own);
  own.addEventListener("input", () => {
    if (own.value.trim()) other.type === "select-one" ? (other.value = "other") : (other.checked = true);
  });
}
for (const alone of document.querySelectorAll("[data-alone]")) {
  const boxes = [...alone.closest("fieldset").querySelectorAll("[type=checkbox]")];
  for (const box of boxes) {
    box.addEventListener("change", () => {
      if (!box.checked) return;
      if (box === alone) for (const other of boxes) other.checked = other === alone;
      else alone.checked = false;
    });
  }
}

// What is shared out, and what is left, is counted while typing, announced when typing pauses.
for (const share of document.querySelectorAll("[data-share]")) {
  const said = share.querySelector("[data-left]"), fields = [...share.querySelectorAll("input")];
  const digit = (sign) => String(sign.codePointAt(0) - (sign < "\u06f0" ? 0x660 : 0x6f0));
  const number = (text) => {
    const plain = text.replace(/[٠-٩۰-۹]/g, digit).replace(/[\s,.]/g, "");
    return /^\d{1,15}$/.test(plain) ? Number(plain) : 0;
  };
  const tell = () => {
    const sum = fields.reduce((all, field) => all + number(field.value), 0), left = share.dataset.share - sum;
    const shown = (n) => Math.abs(n).toLocaleString(document.documentElement.lang, { numberingSystem: "latn" });
    said.textContent = (left < 0 ? said.dataset.over : said.dataset.left).replace("{sum}", shown(sum)).replace("{left}", shown(left));
  };
  let pause;
  share.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(tell, 400);
  });
  if (fields.some((field) => field.value)) tell();
}

// A shared computer: a minute before the page clears itself it asks, and any key, touch or click keeps it.
const finish = document.querySelector("[data-kiosk]"), still = document.getElementById("still");
if (finish && still) {
  const left = still.querySelector("[data-left]"), others = new BroadcastChannel("kiosk");
  let last = Date.now();
  const stay = () => {
    last = Date.now();
    if (still.open) still.close();
  };
  others.onmessage = stay;
  for (const kind of ["keydown", "pointerdown", "click", "input", "wheel"]) {
    addEventListener(kind, (event) => {
      if (still.open && kind === "keydown") event.preventDefault();
      if (still.open || Date.now() - last > 1000) others.postMessage(1);
      // While a finger is down the question stays: what lies below it must not be pressed instead.
      if (kind === "pointerdown") last = Date.now();
      else stay();
    }, { capture: true, passive: kind === "wheel" });
  }
  const clock = setInterval(() => {
    const seconds = Math.ceil(finish.dataset.kiosk - (Date.now() - last) / 1000);
    if (seconds <= 0) {
      clearInterval(clock);
      document.body.hidden = true;
      return finish.submit();
    }
    left.textContent = Math.min(seconds, 60);
    if (seconds <= 60 && !still.open) still.showModal();
  }, 500);
  // Going back shows nothing of the page that was left.
  addEventListener("pagehide", () => (document.body.hidden = true));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
