// data-copy="text" copies it; data-copy-from="id" copies what that element shows or holds. data-print prints the page.

const words = document.getElementById("words")?.dataset ?? {};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  const text = source ? source.value ?? source.textContent.trim() : button.dataset.copy;
  let said = { words: words.copied, isBad: false };
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = { words: words.notCopied, isBad: true };
  }
  document.dispatchEvent(new CustomEvent("bosai:say", { detail: said }));
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
