// The desk without a mouse: / searches, j and k walk a list, x selects, Enter opens, g then a number goes to a place.

// A ticked box takes no letters: in it the keys go on working.
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable='true'], dialog[open]");
const LISTS = "ul[data-keys] > li, ol[data-keys] > li, table[data-keys] > tbody > tr";
let waitingForPlace = false;

const rows = () => [...document.querySelectorAll(LISTS)].filter((row) => row.offsetParent !== null);
const cursor = () => document.querySelector(".is-cursor");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(cursor());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
  cursor()?.classList.remove("is-cursor");
  next.classList.add("is-cursor");
  next.scrollIntoView({ block: "nearest" });
  (next.querySelector("a[href]") ?? next.querySelector("button, input") ?? next).focus({ preventScroll: true });
}

function select() {
  const box = cursor()?.querySelector("input[type=checkbox]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function go(digit) {
  document.querySelectorAll(".rail li a")[Number(digit) - 1]?.click();
}

const ACTIONS = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  x: select,
  Enter: () => cursor()?.querySelector("a[href]")?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
};

// On a phone the side navigation is a strip: bring the present entry into sight.
function showWhereWeAre() {
  const strip = document.querySelector(".side");
  const here = strip?.querySelector("[aria-current]");
  if (here && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = here.offsetLeft - strip.clientWidth / 3;
}

export function listenToKeys() {
  showWhereWeAre();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (waitingForPlace && /^[1-6]$/.test(event.key)) {
      waitingForPlace = false;
      go(event.key);
      return;
    }
    waitingForPlace = event.key === "g";
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const act = ACTIONS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
