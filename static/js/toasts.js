// Short words at the foot of the page. They leave by themselves, except faults and what can be undone.
// Other modules speak through the event `bosai:say`, detail {words, isBad}.

const SECONDS = 6;
const place = document.getElementById("toasts");
const words = document.getElementById("words")?.dataset ?? {};

function dismissable(toast) {
  const close = toast.querySelector("[data-toast-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
  }
  if ("stays" in toast.dataset) return;
  let timer;
  const leave = () => { timer = setTimeout(() => toast.remove(), SECONDS * 1000); };
  const stay = () => clearTimeout(timer);
  for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, stay);
  for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, leave);
  leave();
}

function say(text, isBad) {
  const toast = document.createElement("div");
  toast.className = isBad ? "toast toast--bad" : "toast";
  toast.setAttribute("role", isBad ? "alert" : "status");
  toast.dataset.toast = "";
  if (isBad) toast.dataset.stays = "";
  const said = document.createElement("p");
  said.textContent = text;
  const close = document.createElement("button");
  close.className = "btn btn--small toast__close";
  close.type = "button";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", words.close ?? "Close");
  close.textContent = "×";
  toast.append(said, close);
  place.append(toast);
}

if (place) {
  for (const toast of place.querySelectorAll("[data-toast]")) dismissable(toast);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node.dataset && "toast" in node.dataset) dismissable(node);
    }
  }).observe(place, { childList: true });
  document.addEventListener("bosai:say", (event) => say(event.detail.words, event.detail.isBad));
}
