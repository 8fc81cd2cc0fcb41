// Dialogs and sheets are <dialog>; two listeners serve them all. data-open="id" opens, data-close closes.
// A link with data-open goes to its page when scripts are missing; one with data-close where there is no dialog.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    opener.closest("details[data-menu]")?.removeAttribute("open");
    dialog.showModal();
    return;
  }
  const around = event.target.closest("[data-close]")?.closest("dialog");
  if (around) {
    event.preventDefault();
    around.close();
    return;
  }
  for (const open of document.querySelectorAll("details[data-menu][open], details.define[open]")) {
    if (!open.contains(event.target)) open.removeAttribute("open");
  }
});

// A click on the backdrop closes a dialog that holds no form; one that does could lose what was typed.
document.addEventListener("pointerdown", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || dialog.querySelector("form")) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right
    && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest?.("details[data-menu][open], details.define[open]");
  if (!open) return;
  open.removeAttribute("open");
  open.querySelector("summary")?.focus();
});

// A dialog that a partial brought opens by itself: data-opens.
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = event.target.querySelector?.("dialog[data-opens]:not([open])")
    ?? (event.target.matches?.("dialog[data-opens]:not([open])") ? event.target : null);
  dialog?.showModal();
});
