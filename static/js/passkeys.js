// Passkeys: a form with data-passkey="make" or "use" asks the server for a challenge (data-challenge="/…"), the device
// to answer it, and sends the answer as its field "credential". What went wrong is said in [data-passkey-said].

const words = document.getElementById("passkey-words")?.dataset ?? {};
const knowsPasskeys = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

function say(form, text) {
  const place = form.querySelector("[data-passkey-said]");
  place.textContent = text;
  place.hidden = !text;
}

async function challenge(form) {
  const answer = await fetch(form.dataset.challenge, {
    method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual",
  });
  if (answer.status === 429) throw new Error(words.tooOften);
  if (!answer.ok) throw new Error(words.again); // signed out, or asked for the password first
  return (await answer.json()).publicKey;
}

async function answerOf(form) {
  const asked = await challenge(form);
  if (form.dataset.passkey === "make") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
}

function inWords(error) {
  if (error.name === "InvalidStateError") return words.known;
  if (error instanceof DOMException) return words.cancelled;
  return error.message || words.again;
}

async function ask(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, "");
  try {
    form.elements.credential.value = JSON.stringify((await answerOf(form)).toJSON());
    form.submit();
  } catch (error) {
    say(form, inWords(error));
  } finally {
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!knowsPasskeys) {
    form.querySelector("button").hidden = true;
    say(form, words.unknown);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
