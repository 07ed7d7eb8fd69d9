/* What a page gains when scripts run. Without them every task still works. */
const root = document.documentElement;
root.classList.add("has-script");

/* A press on [data-copy] copies its value and says so beside it. */
async function copy(button) {
  const said = button.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    if (said) said.textContent = "Skopiowano";
  } catch {
    if (said) said.textContent = "Zaznacz i skopiuj ręcznie";
  }
  setTimeout(() => { if (said) said.textContent = ""; }, 4000);
}

/* A press on [data-reveal] shows or hides the password it names. */
function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
  button.textContent = shown ? "Pokaż hasło" : "Ukryj hasło";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-reveal], [data-print]");
  if (!button) return;
  if (button.dataset.copy !== undefined) copy(button);
  else if (button.dataset.reveal !== undefined) reveal(button);
  else window.print();
});

/* [data-difference="id of the sentence"] compares the digits typed with data-previous. */
const volume = new Intl.NumberFormat("pl-PL", { maximumFractionDigits: 3 });
function difference(field) {
  const sentence = document.getElementById(field.dataset.difference);
  if (!sentence) return;
  const typed = field.value.replace(/\s/g, "").replace(",", ".");
  const previous = Number(field.dataset.previous.replace(",", "."));
  const since = field.dataset.previousOn ? ` niż ${field.dataset.previousOn}` : " niż poprzednio";
  if (!/^\d+(\.\d+)?$/.test(typed)) { sentence.textContent = ""; return; }
  const more = Number(typed) - previous;
  if (more === 0) sentence.textContent = "Tyle samo co poprzednio.";
  else if (more > 0) sentence.textContent = `To o ${volume.format(more)} m³ więcej${since}.`;
  else sentence.textContent = `To o ${volume.format(-more)} m³ mniej${since}. Sprawdź cyfry.`;
}
document.addEventListener("input", (event) => {
  if (event.target.dataset.difference) difference(event.target);
});
document.querySelectorAll("[data-difference]").forEach((field) => { if (field.value) difference(field); });

/* Tell people who listen to the page what is to be mended. */
document.getElementById("lista-bledow")?.focus();

/* A form is sent once, also when its button is pressed twice. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.again !== undefined) return;
  if (form.dataset.sent !== undefined) event.preventDefault();
  else { form.dataset.sent = ""; setTimeout(() => delete form.dataset.sent, 8000); }
});
