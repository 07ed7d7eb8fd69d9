/* Passkeys: a form marked data-passkey asks the browser for one (data-options) and sends what it answers. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const SAID = {
  NotAllowedError: "Przerwano albo minął czas. Spróbuj jeszcze raz.",
  AbortError: "Przerwano. Spróbuj jeszcze raz.",
  InvalidStateError: "Ten klucz już masz w eBOK. Użyj innego.",
  SecurityError: "Klucz nie działa pod tym adresem. Otwórz eBOK pod jego głównym adresem.",
  NotSupportedError: "To urządzenie nie potrafi zapisać takiego klucza. Użyj innego.",
};
const NO_SUPPORT = "Ta przeglądarka nie obsługuje kluczy. Wybierz inny sposób.";
const OTHER = "Klucz nie zadziałał. Spróbuj jeszcze raz albo wybierz inny sposób.";

function readable(options) {
  const asked = options.publicKey;
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    for (const key of asked[list] ?? []) key.id = bytes(key.id);
  }
  return { publicKey: asked };
}

function sendable(key) {
  const { response } = key;
  const sent = { id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: key.getClientExtensionResults(), response: {} };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) sent.response[part] = text(response[part]);
  }
  return JSON.stringify(sent);
}

async function options(form) {
  if (!form.dataset.start) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.start, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function use(form) {
  const said = form.querySelector("[data-said]");
  said.textContent = "";
  try {
    const asked = readable(await options(form));
    const key = await navigator.credentials[form.dataset.passkey](asked);
    form.elements.answer.value = sendable(key);
    form.submit();
  } catch (fault) {
    said.textContent = SAID[fault.name] ?? OTHER;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.querySelector("[data-said]").textContent = NO_SUPPORT;
    form.querySelector("button").disabled = true;
    continue;
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); use(form); });
}
