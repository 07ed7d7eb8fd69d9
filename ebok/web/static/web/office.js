/* Keys of the office: / searches, g and a letter opens a place, j and k walk the rows, ? lists them.
   They work while the page says data-keys and nobody is typing; nothing depends on them. */
const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");
const rows = () => [...document.querySelectorAll("[data-rows] a")].filter((link, at, all) => {
  const row = link.closest("tr, li");
  return all.findIndex((other) => other.closest("tr, li") === row) === at;
});
let goes = false;

function step(by) {
  const links = rows();
  const here = links.indexOf(document.activeElement);
  links[Math.min(Math.max(here + by, 0), links.length - 1)]?.focus();
}

function open(letter) {
  document.querySelector(`[data-place="${CSS.escape(letter)}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (!("keys" in document.body.dataset) || typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const went = goes;
  goes = false;
  if (went) { open(event.key); return; }
  if (event.key === "g") goes = true;
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") location.assign("/biuro/skroty/");
  else if (event.key === "/") {
    const search = document.getElementById("szukaj");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
});
