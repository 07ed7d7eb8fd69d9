/* Warns two minutes before a session ends, extends it with one press, and keeps the draft of a form marked data-draft. */
const dialog = document.getElementById("koniec-sesji");
const form = dialog.querySelector("form");
const said = dialog.querySelector("[role=status]");
const WARN_MS = 2 * 60 * 1000;
const SLACK_MS = 2000; /* the server counts whole seconds */
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("ebok-sesja") : null;
let end = 0;
let timer;

function lasts(seconds) {
  end = Date.now() + seconds * 1000;
  said.textContent = "";
  if (dialog.open) dialog.close();
  plan();
}

function plan() {
  clearTimeout(timer);
  const rest = end - Date.now();
  if (rest <= -SLACK_MS) { leave(); return; }
  if (rest <= WARN_MS) warn();
  timer = setTimeout(plan, rest > WARN_MS ? rest - WARN_MS : rest + SLACK_MS);
}

function warn() {
  if (dialog.open) return;
  dialog.querySelector("time").textContent = new Date(end).toLocaleTimeString("pl-PL", { hour: "2-digit", minute: "2-digit" });
  dialog.showModal();
}

async function extend() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (!answer.ok) { leave(); return; }
    const { left } = await answer.json();
    tabs?.postMessage(left);
    lasts(left);
  } catch {
    said.textContent = "Nie ma połączenia. Spróbuj jeszcze raz.";
  }
}

/* A draft: what was typed, kept in this tab until the form is open again. */
const place = `szkic:${location.pathname}`;
const draft = document.querySelector("form[data-draft]");
const kept = (field) => field.name && !["hidden", "password", "submit", "file", "checkbox"].includes(field.type);

function leave() {
  if (draft) {
    const fields = [...draft.elements].filter((field) => kept(field) && (field.type !== "radio" || field.checked));
    sessionStorage.setItem(place, JSON.stringify(fields.map((field) => [field.name, field.value])));
  }
  location.replace(location.pathname + location.search);
}

function restore() {
  const stored = draft && sessionStorage.getItem(place);
  if (!stored) return;
  sessionStorage.removeItem(place);
  const typed = new Map(JSON.parse(stored));
  for (const field of [...draft.elements].filter(kept)) {
    if (!typed.has(field.name)) continue;
    if (field.type === "radio") field.checked = field.value === typed.get(field.name);
    else field.value = typed.get(field.name);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  extend();
});
dialog.addEventListener("cancel", (event) => { event.preventDefault(); extend(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && end) plan(); });
if (tabs) tabs.onmessage = (message) => lasts(message.data);

restore();
const left = Number(dialog.dataset.left);
if (left > 0) {
  tabs?.postMessage(left);
  lasts(left);
}
