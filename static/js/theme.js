// Light, dark or as the system says. Kept in a cookie, so the server draws the page right from the first pixel.

const YEAR = 60 * 60 * 24 * 365;

function chosen() {
  return document.documentElement.dataset.theme || "auto";
}

function choose(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
    document.cookie = `theme=; Path=/; Max-Age=0; SameSite=Lax${secure}`;
  } else {
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  }
}

for (const choice of document.querySelectorAll("[data-theme-choice]")) {
  const now = choice.querySelector(`input[value="${chosen()}"]`);
  if (now) now.checked = true;
  choice.addEventListener("change", (event) => choose(event.target.value));
}

// What only works with scripts is shown by them; what is said to those without them goes.
for (const element of document.querySelectorAll("[data-script]")) element.hidden = false;
for (const element of document.querySelectorAll("[data-scriptless]")) element.hidden = true;
