// Forms lose nothing: questions before what cannot be undone, one submission at a time, drafts kept on this device.
import { say } from "./words.js";

const dialog = () => document.getElementById("confirm");

// Asks in the page's own dialog; resolves to true for yes.
function ask(words) {
  const box = dialog();
  box.querySelector("#confirm-words").textContent = words;
  box.returnValue = "no";
  box.showModal();
  return new Promise((resolve) => box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true }));
}

async function askFirst(event) {
  const words = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!words || event.target.dataset.confirmed) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  const [form, button] = [event.target, event.submitter];
  if (!(await ask(words))) return true;
  form.dataset.confirmed = "yes";
  form.requestSubmit(button);
  delete form.dataset.confirmed;
  return true;
}

function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-many], [hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
}

function tell(words) {
  document.querySelector(".offline")?.remove();
  const box = document.createElement("div");
  box.className = "notice bad offline";
  box.setAttribute("role", "alert");
  box.textContent = words;
  box.addEventListener("click", () => box.remove());
  document.body.append(box);
}

// Drafts of forms that carry data-keep="name", in this browser only, until they are sent.
const keyOf = (form) => `huiying:draft:${location.pathname}:${form.dataset.keep}`;
const kept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
const holds = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);

function save(form) {
  const values = [...form.elements].filter(kept).map((field) => [field.name, field.value, holds(field)]);
  localStorage.setItem(keyOf(form), JSON.stringify({ values }));
}

function restore(form) {
  const stored = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  if (!stored || form.querySelector(".has-error")) return;
  if (stored.sent) return localStorage.removeItem(keyOf(form));
  for (const [name, value, held] of stored.values) {
    const fields = [...form.elements].filter((field) => kept(field) && field.name === name);
    const field = fields.length > 1 ? fields.find((one) => one.value === value) : fields[0];
    if (!field) continue;
    if (typeof held === "boolean") field.checked = held;
    else field.value = held;
  }
}

function markSent(form) {
  const stored = localStorage.getItem(keyOf(form));
  if (stored) localStorage.setItem(keyOf(form), JSON.stringify({ ...JSON.parse(stored), sent: true }));
}

// A button with data-add-row="id" copies the last row of that table, emptied, its field names counted on.
function addRow(button) {
  const body = document.querySelector(`#${button.dataset.addRow} tbody`);
  const total = document.querySelector(`input[name="${button.dataset.prefix}-TOTAL_FORMS"]`);
  const row = body.lastElementChild.cloneNode(true);
  const number = Number(total.value);
  for (const field of row.querySelectorAll("[name], [for], [id]")) {
    for (const key of ["name", "id", "for"]) {
      const old = field.getAttribute(key);
      if (old) field.setAttribute(key, old.replace(/-\d+-/, `-${number}-`));
    }
    if (field.type === "checkbox") field.checked = false;
    else if (field.matches("input:not([type=radio]), textarea")) field.value = "";
    else if (field.matches("select")) field.selectedIndex = 0;
  }
  row.querySelectorAll(".error").forEach((error) => error.remove());
  row.querySelectorAll(".has-error").forEach((field) => field.classList.remove("has-error"));
  body.append(row);
  total.value = String(number + 1);
  row.querySelector("input:not([type=hidden])")?.focus();
}

function clicked(event) {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const adder = event.target.closest("[data-add-row]");
  if (adder) addRow(adder);
  const copier = event.target.closest("[data-copy]");
  if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => (copier.textContent = say("copied")));
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
}

export function tendForms() {
  document.addEventListener("submit", async (event) => (await askFirst(event)) || undefined, true);
  document.addEventListener("submit", once);
  document.addEventListener("click", clicked);
  document.addEventListener("change", (event) => event.target.closest("[data-submit-on-change]")?.form?.requestSubmit());
  document.addEventListener("input", (event) => event.target.form?.dataset.keep && save(event.target.form));
  document.addEventListener("submit", (event) => !event.defaultPrevented && event.target.dataset.keep && markSent(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await ask(event.detail.question)) event.detail.issueRequest(true);
  });
  document.addEventListener("htmx:sendError", () => tell(say("unsent")));
  document.addEventListener("htmx:responseError", (event) => tell(say("refused", event.detail.xhr.status)));
  document.querySelectorAll("form[data-keep]").forEach(restore);
  document.querySelector("[data-focus]")?.focus();
}
