// No text is lost on an open page. A form with data-draft is kept per user in this browser until the server has it:
//   data-draft="name"      what it is kept under, unique for the user; else the page's address
//   data-draft-url="/…"    where a draft may be posted while somebody writes; its answer may carry the headers
//                          Draft-Url (where the next one goes) and Draft-Action (where the form goes from now on)
//   [data-draft-said]      where the form tells what is kept; made when missing
// A kept text is "local" (only here) or "sent" (on its way; nobody has answered yet).

const PREFIX = "bosai-draft:";
const SENT_HERE = "bosai-draft-sent"; // in this tab, so that another tab does not take the answer for its own
const AFTER_TYPING = 1200;
const TRY_AGAIN = 15000;
const user = document.body.dataset.user;
const words = document.getElementById("words")?.dataset ?? {};
const open = new Map(); // form → what is known about it
let isLeaving = false;

const store = {
  read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  write(key, entry) { try { localStorage.setItem(key, JSON.stringify(entry)); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  keys(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};

const keyOf = (form) => `${PREFIX}${user}:${form.dataset.draft || location.pathname}`;
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang || undefined,
  { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
const written = (text, at) => (text ?? "").replace("{time}", clock(at));

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type)
    && field.tagName !== "FIELDSET");
}

function valuesOf(form) {
  return fieldsOf(form)
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) => (field.type === "select-multiple"
      ? [...field.selectedOptions].map((option) => [field.name, option.value])
      : [[field.name, field.value]]));
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Puts the values back; gives those for which the form has no place any more.
function fill(form, values) {
  const left = [...values];
  const take = (name) => {
    const at = left.findIndex((value) => value[0] === name);
    return at < 0 ? undefined : left.splice(at, 1)[0][1];
  };
  for (const field of fieldsOf(form)) {
    if (["checkbox", "radio"].includes(field.type)) {
      const at = left.findIndex((value) => value[0] === field.name && value[1] === field.value);
      field.checked = at >= 0;
      if (at >= 0) left.splice(at, 1);
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = left.some((value) => value[0] === field.name && value[1] === option.value);
    } else {
      const value = take(field.name);
      if (value !== undefined) field.value = value;
      if (value) field.closest("details")?.setAttribute("open", ""); // what was brought back is seen
    }
  }
  return left.filter(([name, value]) => value.trim() && !form.elements[name]);
}

function tell(form, text, state = "kept") {
  let place = form.querySelector("[data-draft-said]");
  if (!place) {
    place = document.createElement("p");
    place.dataset.draftSaid = "";
    (form.querySelector(".form__do, .sheet__foot") ?? form).append(place);
  }
  place.setAttribute("role", "status");
  place.classList.add("kept");
  place.dataset.state = state;
  place.textContent = text;
}

function ask(form, text, choices) {
  form.querySelector("[data-draft-ask]")?.remove();
  const note = document.createElement("div");
  note.className = "note note--warn row row--apart";
  note.dataset.draftAsk = "";
  note.setAttribute("role", "status");
  const said = document.createElement("span");
  said.textContent = text;
  note.append(said);
  for (const [label, act] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--small";
    button.textContent = label;
    button.addEventListener("click", () => { act(); note.remove(); });
    note.append(button);
  }
  (form.querySelector(".sheet__body") ?? form).prepend(note);
}

function bringBack(form, entry) {
  const homeless = fill(form, entry.values).map(([, value]) => value);
  form.dispatchEvent(new Event("bosai:restored", { bubbles: true }));
  ask(form, [written(words.restored, entry.at), ...homeless].join(" "), [[words.discard, () => {
    store.remove(keyOf(form));
    form.reset();
  }]]);
  keep(form);
  autosaveSoon(form);
}

function begin(form) {
  if (open.has(form)) return;
  const about = { given: valuesOf(form), timer: 0, isSaving: false, isDirty: false };
  open.set(form, about);
  form.addEventListener("input", () => changed(form));
  form.addEventListener("change", () => changed(form));
  const key = keyOf(form);
  const entry = store.read(key);
  if (!entry) return;
  if (isSame(entry.values, about.given) || (entry.state === "sent" && form.querySelector("[data-faults]"))) {
    store.remove(key); // the server has it, or gave it back with its faults
  } else if (entry.state === "sent") {
    ask(form, written(words.unsure, entry.at), [
      [words.bringBack, () => bringBack(form, entry)],
      [words.discard, () => store.remove(key)],
    ]);
  } else {
    bringBack(form, entry);
  }
}

function keep(form, state = "local") {
  const about = open.get(form);
  const values = valuesOf(form);
  if (isSame(values, about.given) && state === "local") {
    store.remove(keyOf(form));
    return;
  }
  const page = location.pathname + location.search;
  const isKept = store.write(keyOf(form), { at: Date.now(), state, values, page, title: document.title });
  if (isKept && !form.dataset.draftUrl) tell(form, written(words.here, Date.now()));
}

function changed(form) {
  open.get(form).isDirty = true;
  keep(form);
  autosaveSoon(form);
}

function autosaveSoon(form, after = AFTER_TYPING) {
  const about = open.get(form);
  clearTimeout(about.timer);
  if (form.dataset.draftUrl) about.timer = setTimeout(() => autosave(form), after);
}

async function autosave(form) {
  const about = open.get(form);
  if (about.isSaving || !form.isConnected) return;
  about.isSaving = true;
  about.isDirty = false;
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const sent = valuesOf(form);
  try {
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (answer.ok) saved(form, about, sent, answer);
    else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) tell(form, words.signedOut, "local");
    else tell(form, written(words.here, Date.now()), "local");
  } catch {
    tell(form, written(words.local, store.read(keyOf(form))?.at ?? Date.now()), "local");
    about.isDirty = true;
    autosaveSoon(form, TRY_AGAIN);
  } finally {
    about.isSaving = false;
  }
}

function saved(form, about, sent, answer) {
  const next = answer.headers.get("Draft-Url");
  const action = answer.headers.get("Draft-Action");
  if (next) form.dataset.draftUrl = next;
  if (action) form.setAttribute(form.hasAttribute("hx-post") ? "hx-post" : "action", action);
  about.given = sent;
  if (about.isDirty) autosaveSoon(form);
  else if (!isLeaving) store.remove(keyOf(form)); // the next page may have been asked for before this was saved
  tell(form, written(words.kept, Date.now()));
}

function leaves(form) {
  clearTimeout(open.get(form).timer);
  keep(form, "sent");
  try { sessionStorage.setItem(SENT_HERE, keyOf(form)); } catch { /* then it is asked about */ }
}

function settle(form, hasArrived) {
  if (hasArrived) {
    clearTimeout(open.get(form).timer);
    store.remove(keyOf(form));
    open.delete(form);
  } else {
    keep(form);
  }
}

// What this tab sent, and the page that came as its answer: another one, or this one again, saying that it is done.
function takeAnswer() {
  let key;
  try { key = sessionStorage.getItem(SENT_HERE); sessionStorage.removeItem(SENT_HERE); } catch { return; }
  const entry = key && store.read(key);
  if (entry?.state !== "sent") return;
  const isHere = [...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === key);
  const from = document.referrer && new URL(document.referrer);
  const isAnswer = from && from.pathname === new URL(entry.page, location.href).pathname
    && performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const isDone = document.querySelector("[data-toast]") && !document.querySelector(".toast--bad");
  if (isAnswer && (!isHere || isDone)) store.remove(key);
}

function askBeforeSigningOut(event) {
  const form = event.target;
  const keys = store.keys(`${PREFIX}${user}:`);
  const dialog = document.getElementById("drafts-on-leaving");
  if (!keys.length || !dialog) return;
  event.preventDefault();
  dialog.querySelector("[data-drafts]").replaceChildren(...keys.map((key) => {
    const entry = store.read(key);
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry?.page ?? "#";
    link.textContent = entry?.title ?? key.slice(PREFIX.length);
    line.append(link);
    return line;
  }));
  dialog.querySelector("[data-leave]").onclick = () => {
    for (const key of keys) store.remove(key);
    form.submit();
  };
  dialog.showModal();
}

if (!user) {
  // Signed out, or a page that could not be shown: what was on its way did not arrive.
  for (const key of store.keys(PREFIX)) {
    const entry = store.read(key);
    if (entry?.state === "sent") store.write(key, { ...entry, state: "local" });
  }
  try { sessionStorage.clear(); } catch { /* nothing was kept */ } // where one has been is nobody else's business
} else {
  takeAnswer();
  const beginAll = (root) => { for (const form of root.querySelectorAll("form[data-draft]")) begin(form); };
  beginAll(document);
  document.addEventListener("htmx:afterSettle", () => beginAll(document));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) askBeforeSigningOut(event);
    else if (open.has(event.target) && !event.defaultPrevented) leaves(event.target);
  });
  document.addEventListener("htmx:beforeRequest", (event) => { if (open.has(event.detail.elt)) leaves(event.detail.elt); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (open.has(event.detail.elt)) settle(event.detail.elt, event.detail.successful);
  });
  window.addEventListener("beforeunload", () => { isLeaving = true; });
  window.addEventListener("pageshow", () => { isLeaving = false; });
  window.addEventListener("online", () => { for (const [form, about] of open) if (about.isDirty) autosaveSoon(form, 0); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) for (const form of open.keys()) changed(form); });
}
