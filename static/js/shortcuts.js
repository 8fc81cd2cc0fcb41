// Keys: "/" search, "n" new call, "g" and a letter to go, "?" the list. Never while somebody types; while one
// does, Alt and "." or "," turn to the next guide or the one before.
// Single keys can be switched off (WCAG 2.1.4); the choice stays in this browser.

const OFF = "bosai-single-keys-off";
const PAUSE = 1200; // milliseconds between "g" and the letter
let wentAt = 0;

function isOff() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

function isTyping(target) {
  return target.isContentEditable || target.closest?.("input:not([type=checkbox],[type=radio]), textarea, select");
}

function saveTheFormOf(target) {
  const form = target.closest?.("form");
  if (!form || form.method === "dialog") return false;
  form.requestSubmit(form.querySelector("[data-save]") ?? undefined);
  return true;
}

function go(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  link?.click();
  return Boolean(link);
}

// Another guide in a call: the choice turns, and the form shows what goes with it.
function turn(by) {
  const choice = (document.querySelector("dialog[open]") ?? document).querySelector("select[data-turns]");
  const count = choice?.options.length ?? 0;
  if (count < 2) return false;
  choice.selectedIndex = (choice.selectedIndex + by + count) % count;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function act(key) {
  if (key === "?") {
    const list = document.getElementById("shortcuts");
    if (list && !list.open) list.showModal();
    return Boolean(list);
  }
  const found = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)]
    .find((element) => element.checkVisibility());
  if (!found) {
    const fallback = key === "/" ? document.querySelector(".bar__find") : null;
    fallback?.click();
    return Boolean(fallback);
  }
  if (found.matches("input, textarea")) { found.focus(); found.select(); } else found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (saveTheFormOf(event.target)) event.preventDefault();
    return;
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey && ["Period", "Comma"].includes(event.code)) {
    if (turn(event.code === "Period" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const afterG = performance.now() - wentAt < PAUSE;
  wentAt = 0;
  if (afterG && go(event.key)) event.preventDefault();
  else if (event.key === "g") wentAt = performance.now();
  else if (act(event.key)) event.preventDefault();
});

const choice = document.querySelector("[data-shortcuts-switch]");
if (choice) {
  choice.checked = !isOff();
  choice.addEventListener("change", () => {
    try {
      if (choice.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
    } catch { choice.checked = true; }
  });
}
