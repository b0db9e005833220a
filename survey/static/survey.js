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

// "You have 4,916 characters left" is counted while typing, announced when typing pauses.
for (const area of document.querySelectorAll("[data-limit]")) {
  const left = document.getElementById(area.dataset.left);
  let pause;
  const count = () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const n = area.dataset.limit - [...area.value].length;
      left.textContent = (n < 0 ? left.dataset.over : left.dataset.under).replace("{n}", Math.abs(n).toLocaleString(document.documentElement.lang));
    }, 400);
  };
  area.addEventListener("input", count);
}

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
