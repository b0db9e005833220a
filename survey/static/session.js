// The note screen and the projector. Everything is an extra over forms that work without it.
// Notes that wait are held by this page alone: nothing is stored in the browser.
"use strict";

(() => {
// What is left of a timer is counted down here; the server said how many seconds that were.
const clock = () => {
  for (const timer of document.querySelectorAll("[data-left]")) {
    timer.ends ??= Date.now() + timer.dataset.left * 1000;
    const left = Math.max(0, Math.round((timer.ends - Date.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const words = left ? timer.dataset.words.replace("{time}", time) : timer.dataset.up;
    if (timer.textContent !== words) timer.textContent = words;
    timer.classList.toggle("up", !left);
  }
};
setInterval(clock, 500);

// The wall: the whole page is asked for every few seconds, and what it shows is put in the place of the old.
const wall = document.querySelector("[data-wall]");
if (wall) {
  const look = async () => {
    const reply = await fetch(wall.dataset.wall, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!reply?.ok || reply.redirected) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-wall]");
    if (fresh) wall.innerHTML = fresh.innerHTML;
    clock();
  };
  setInterval(look, 3000);
}

const live = document.querySelector("[data-notes-page]"), typed = document.getElementById("typed");
if (live && typed) {
  const list = document.getElementById("notes"), head = document.getElementById("head"), line = live.querySelector("[data-line]");
  const help = live.querySelector("[data-help]"), dialog = document.getElementById("edit"), count = live.querySelector("[data-count]");
  const { text, speaker } = typed.elements, people = new Set([...speaker.options].map((option) => option.value));
  const queue = [], refused = []; // notes that wait, in the order in which they were typed
  let busy = false, cut = false, out = false, mark = live.dataset.mark, wait = 0, retry, asked = 0, shown = 0;

  const fill = (words, n) => words.replace("{n}", n);
  const tell = () => {
    const { saved, sending, cutOne, cutMany, cut: alone, out: gone, refusedOne, refusedMany } = line.dataset;
    const n = queue.length;
    const [words, kind] = out ? [gone, "warm"]
      : cut ? [n > 1 ? fill(cutMany, n) : n ? cutOne : alone, "warm"]
      : refused.length ? [refused.length > 1 ? fill(refusedMany, refused.length) : refusedOne, "warm"]
      : n ? [sending, ""] : [saved, "good"];
    line.hidden = false;
    line.className = `chip ${kind}`;
    if (line.textContent !== words) line.textContent = words;
    const ended = refused.length > 0 && live.dataset.state === "ended";
    help.querySelector("[data-help-out]").hidden = !out;
    help.querySelector("[data-help-ended]").hidden = !ended;
    help.hidden = !out && !ended;
    const notes = list.querySelectorAll("li").length;
    count.textContent = notes === 1 ? count.dataset.one : fill(count.dataset.many, notes);
  };

  // A request as the forms of the page send it. A broken line, a server that is away and an error of ours all
  // mean: later. Signed out means: a person has to do something. The rest is an answer.
  const send = async (url, fields) => {
    const body = fields && new URLSearchParams([["csrf_token", typed.elements.csrf_token.value], ...fields, ["end", "1"]]);
    const patience = AbortSignal.timeout(15000);
    try {
      const reply = await fetch(url, { method: body ? "POST" : "GET", body, headers: { Accept: "application/json" }, signal: patience });
      cut = reply.status >= 500 || reply.status === 429;
      out = reply.status === 401 || (reply.redirected && new URL(reply.url).pathname === "/sign-in");
      if (cut || out) return null;
      const json = reply.headers.get("Content-Type")?.startsWith("application/json") && (await reply.json());
      return { status: reply.status, ...(json || {}) };
    } catch {
      cut = true;
      return null;
    } finally {
      tell();
    }
  };
  const token = (value) => {
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = value;
  };

  // Notes are sent one after the other, so that they arrive in the order in which they were typed.
  const later = () => {
    clearTimeout(retry);
    wait = Math.min(wait ? wait * 2 : 1000, 5000);
    retry = setTimeout(pump, wait);
  };
  const pump = async () => {
    clearTimeout(retry);
    if (busy || !queue.length) return;
    busy = true;
    while (queue.length) {
      const note = queue[0], answer = await send(typed.action, note.fields);
      if (!answer) {
        busy = false;
        return later();
      }
      if (answer.status === 400 && !note.again) {
        note.again = true; // our token went out of date: fetch a new one and try once more
        await news(true);
        continue;
      }
      queue.shift();
      wait = 0;
      if (answer.id) took(note, answer);
      else refuse(note, answer.problem || line.dataset.refusedOne);
      tell();
    }
    busy = false;
    news();
  };
  const took = (note, answer) => {
    note.row.remove();
    place(answer.position, answer.row);
  };
  const refuse = (note, why) => {
    refused.push(note);
    note.row.classList.add("refused");
    note.row.lastElementChild.replaceWith(document.getElementById("refused").content.cloneNode(true));
    note.row.querySelector("[data-why]").textContent = why;
    const drop = () => refused.splice(refused.indexOf(note), 1);
    note.row.querySelector("[data-again]").addEventListener("click", () => {
      drop();
      enqueue(note);
    });
    note.row.querySelector("[data-back]").addEventListener("click", () => {
      drop();
      note.row.remove();
      text.value = [text.value, note.text].filter(Boolean).join(" ");
      text.focus();
      tell();
    });
  };
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const enqueue = (note) => {
    note.again = false;
    note.row?.remove();
    note.row = document.getElementById("waiting").content.cloneNode(true).firstElementChild;
    note.row.querySelector(".who").textContent = note.who;
    note.row.querySelector(".said-words").textContent = note.text;
    list.append(note.row);
    queue.push(note);
    tell();
    if (!cut && !out) pump();
    note.row.scrollIntoView({ block: "nearest" });
  };
  const add = (park) => {
    spoken(false);
    const words = text.value;
    if (!words.trim()) return text.focus();
    const prompt = park ? "" : typed.elements.prompt.value;
    const fields = [["key", random()], ["prompt", prompt], ["speaker", speaker.value], ["text", words]];
    enqueue({ fields, text: words, who: speaker.value ? `P${speaker.value}` : "" });
    text.value = speaker.value = "";
    text.focus();
  };

  // "3:" or "p3 " at the beginning of the line, as the server reads it where there is no script.
  const spoken = (typing) => {
    const found = /^\s*(?:[pP](\d{1,3})\s*:?|(\d{1,3})\s*:)\s+/.exec(text.value);
    const number = found && String(Number(found[1] ?? found[2]));
    const rest = found && text.value.slice(found[0].length);
    if (!found || !people.has(number) || (typing ? text.selectionStart < found[0].length : !rest.trim())) return;
    speaker.value = number;
    text.value = rest;
    text.setSelectionRange(0, 0);
  };
  text.addEventListener("input", (event) => {
    // Only while the mark itself is being typed: a text that is pasted or corrected later is left alone.
    if (!event.isComposing && text.selectionStart === text.value.length) spoken(true);
  });

  // Rows come from the server; each has its place among those that are there.
  const place = (position, html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const row = holder.content.firstElementChild, old = document.getElementById(row.id);
    const control = old?.contains(document.activeElement) && document.activeElement.getAttribute("formaction");
    if (old) old.replaceWith(row);
    else {
      const next = [...list.children].find((other) => !other.dataset.place || Number(other.dataset.place) > position);
      const bottom = list.getBoundingClientRect().bottom < innerHeight + 60;
      list.insertBefore(row, next ?? null);
      if (bottom) row.scrollIntoView({ block: "nearest" });
    }
    if (control) (row.querySelector(`[formaction="${CSS.escape(control)}"]`) ?? row).focus();
  };
  const apply = (told) => {
    for (const [position, html] of told.rows ?? []) place(position, html);
    typed.elements.prompt.value = told.now ?? "";
    const was = head.contains(document.activeElement) && document.activeElement;
    head.innerHTML = told.head;
    if (was) (head.querySelector(`[name="${CSS.escape(was.name)}"][value="${CSS.escape(was.value)}"]`) ?? text).focus();
    live.dataset.state = told.state;
    clock();
  };
  // What changed: the mark says whether anything did, the marks of the notes say which. Rows of others may be
  // missing before our own newest one: they have a mark, too, and are asked for by their place.
  const news = async (anew) => {
    const turn = ++asked, after = Math.max(0, ...[...list.querySelectorAll("[data-place]")].map((row) => Number(row.dataset.place)));
    const url = new URL(live.dataset.notesPage, location.href);
    url.searchParams.set("after", after);
    if (!anew) url.searchParams.set("seen", mark);
    const told = await send(url);
    if (!told?.mark || turn < shown) return;
    shown = turn;
    token(told.token);
    if (told.marks) {
      apply(told);
      const stale = told.marks.filter(([position, revision, votes]) => list.querySelector(`[data-place="${position}"]`)?.dataset.mark !== `${revision}.${votes}`);
      if (stale.length) {
        url.searchParams.set("rows", stale.slice(0, 200).map(([position]) => position).join(","));
        url.searchParams.set("after", 1e6);
        const rest = await send(url);
        for (const [position, html] of rest?.rows ?? []) place(position, html);
        if (!rest || stale.length > 200) return tell();
      }
      mark = told.mark;
      if (told.state !== "open" || told.agenda.join() !== live.dataset.agenda) calm();
    }
    if (queue.length && !busy) pump();
    tell();
  };
  // Another agenda, or the end: the page is loaded anew once nothing on it would be lost.
  const calm = () => {
    if (!queue.length && !refused.length && !text.value && !dialog.open) location.reload();
  };
  setInterval(() => {
    if (!document.hidden || queue.length) news();
  }, 3000);
  addEventListener("online", () => pump());
  document.addEventListener("visibilitychange", () => document.hidden || news());
  addEventListener("beforeunload", (event) => {
    if (queue.length || refused.length || text.value.trim()) event.preventDefault();
  });

  typed.addEventListener("submit", (event) => {
    event.preventDefault();
    add(event.submitter?.name === "park");
  });
  // Buttons of rows and of the head do in the background what they do without a script.
  const press = async (url, button) => {
    const answer = await send(url, button.name ? [[button.name, button.value]] : []);
    if (answer?.status === 400) await news(true);
    news();
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[formaction]"), link = event.target.closest("[data-edit]");
    if (button) press(button.formAction, button);
    else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) edit(link.href);
    if (button || link) event.preventDefault();
  });
  head.addEventListener("submit", (event) => {
    event.preventDefault();
    press(event.target.action, event.submitter);
  });

  // Changing a note in a window over the page, so that what waits on the page goes on.
  const problem = dialog.querySelector("[data-problem]"), inside = dialog.querySelector("[data-form]");
  const edit = async (url) => {
    const reply = await fetch(url).catch(() => null);
    const page = reply?.ok && new DOMParser().parseFromString(await reply.text(), "text/html");
    const form = page && page.getElementById("change");
    problem.textContent = "";
    if (!form) return news();
    inside.replaceChildren(form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "end");
      const answer = await send(form.action, fields);
      if (answer?.done) dialog.close();
      else problem.textContent = answer?.text !== undefined ? `${answer.problem} “${answer.text}”` : answer?.problem ?? line.textContent;
      if (answer?.revision) form.elements.revision.value = answer.revision;
      news();
    });
    dialog.showModal();
  };
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => text.focus());

  // Keys with Alt, which no text needs. Digits alone would be in the way of notes that begin with one.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || dialog.open) return;
    const key = /^Digit([1-9])$/.exec(event.code)?.[1] ?? (event.code === "KeyP" ? "p" : "");
    const button = key && document.querySelector(`[data-key="${key}"]`);
    if (!button) return;
    event.preventDefault();
    if (key === "p") add(true);
    else button.form.requestSubmit(button);
  });
  for (const words of document.querySelectorAll("[data-scripted]")) words.hidden = false;
  tell();
  text.scrollIntoView({ block: "nearest" });
}
})();
