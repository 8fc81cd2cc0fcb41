// Where htmx and people meet: faults are said in words, focus goes where the eye goes, files can be dropped.

const words = document.getElementById("words")?.dataset ?? {};

function say(text, isBad = true) {
  document.dispatchEvent(new CustomEvent("bosai:say", { detail: { words: text, isBad } }));
}

function whatHappened(status) {
  if (status === 403) return words.refused;
  if (status === 404 || status === 410) return words.gone;
  return words.failed;
}

document.addEventListener("htmx:responseError", (event) => {
  const xhr = event.detail.xhr;
  if (xhr.getResponseHeader("HX-Redirect")) return; // signed out: htmx goes to sign-in
  const own = xhr.getResponseHeader("X-Words"); // the server may say it better
  say(own ? decodeURIComponent(own) : whatHappened(xhr.status).replace("{status}", xhr.status));
});

for (const type of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(type, () => say(words.offline));
}

// After a swap, faults come first; else what asked for focus; else nothing moves.
document.addEventListener("htmx:afterSettle", (event) => {
  const region = event.detail.elt ?? event.target;
  const wanted = region.querySelector?.("[data-faults], [data-focus]");
  if (!wanted) return;
  if (!wanted.matches("a, button, input, select, textarea, summary, [tabindex]")) wanted.tabIndex = -1;
  wanted.focus();
});

for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const input = event.target.closest?.(".drop input[type=file]");
    input?.classList.toggle("is-over", type === "dragover");
  });
}

// All boxes of a list at once: data-all="name of the boxes".
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  const boxes = all.closest("form, table")?.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.all)}"]`);
  for (const box of boxes ?? []) box.checked = all.checked;
});

// A choice with data-turns says what is shown: one that could not be followed goes back, one that a draft brought
// back is followed.
for (const type of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(type, ({ detail }) => {
    if (!detail.elt.matches?.("select[data-turns]")) return;
    for (const option of detail.elt.options) option.selected = option.defaultSelected;
  });
}
document.addEventListener("bosai:restored", (event) => setTimeout(() => {
  const choice = event.target.querySelector("select[data-turns]");
  if (choice && !choice.selectedOptions[0]?.defaultSelected) choice.dispatchEvent(new Event("change", { bubbles: true }));
}));

// What a choice does by itself here needs no button.
for (const button of document.querySelectorAll("[data-scriptless]")) button.hidden = true;

// A form that sends itself when a choice changes: data-sends. Its button is for those without scripts.
for (const form of document.querySelectorAll("form[data-sends]")) {
  form.querySelector("[data-sends-button]")?.setAttribute("hidden", "");
}
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-sends]") && event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) {
    form.requestSubmit();
  }
});
