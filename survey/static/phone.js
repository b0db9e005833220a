// A participant's page: when the next question is on, an untouched page shows it; one with text offers to.
"use strict";

const page = document.querySelector("[data-on-now]");
if (page) {
  const other = page.querySelector("[data-other]"), field = document.getElementById("text"), address = location.pathname;
  const look = async () => {
    if (document.hidden) return;
    const reply = await fetch(address).catch(() => null);
    if (!reply?.ok) return;
    const there = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[data-on-now]");
    if (!there || there.dataset.onNow === page.dataset.onNow) return;
    if (field?.value.trim()) other.hidden = false;
    else location.replace(address);
  };
  setInterval(look, 8000);
  document.addEventListener("visibilitychange", look);
}
