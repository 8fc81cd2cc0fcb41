// Tells the sender that a person, not a scanner, opened this page: once it is really in view.
const page = document.querySelector("[data-opening]");

function tell() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", tell);
  fetch(page.dataset.opening, { method: "POST", keepalive: true }).catch(() => { /* it is no matter */ });
}

if (page) {
  document.addEventListener("visibilitychange", tell);
  tell();
}
