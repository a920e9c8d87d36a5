// The reply editor: marks under the text while it is typed, mends in one click, promises taken over, the place of a finding.

const area = () => document.querySelector("[data-write] textarea");
const mirror = () => document.querySelector("[data-write] [data-mirror]");
let sent = null; // the text that the last question to the server was about

// Until the server answers the mirror shows the bare text, so that no mark stands at a wrong place.
function reflect() {
  mirror().textContent = `${area().value}\n`;
}

function put(start, end, words) {
  const box = area();
  box.focus();
  box.setRangeText(words, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function mend(event) {
  const button = event.target.closest("[data-mend]");
  if (!button) return;
  event.preventDefault();
  const [start, end, ...words] = button.value.split(":");
  put(Number(start), Number(end), words.join(":"));
}

function promise(event) {
  const button = event.target.closest("[data-promise]");
  if (!button) return;
  const form = button.closest("form");
  form.elements.promise_on.value = button.dataset.promise;
  if (!form.elements.promise_text.value) form.elements.promise_text.value = button.dataset.words.slice(0, 200);
  form.elements.promise_on.dispatchEvent(new Event("change", { bubbles: true }));
}

function find(event) {
  const row = event.target.closest(".found [data-from]");
  if (!row || event.target.closest("button")) return;
  const box = area();
  box?.focus();
  box?.setSelectionRange(Number(row.dataset.from), Number(row.dataset.to));
}

// The finding under the caret stands out in the list.
function pointOut() {
  const at = area().selectionStart;
  for (const row of document.querySelectorAll(".found [data-from]")) {
    row.classList.toggle("is-current", Number(row.dataset.from) <= at && at <= Number(row.dataset.to));
  }
}

// An answer about a text that has changed since is good for everything but the marks.
function stale(event) {
  if (event.detail.target?.id === "mirror" && sent !== area().value) event.detail.shouldSwap = false;
}

// Handing the text in waits for what is being kept just now, and nothing is kept after it: else one person at two requests
// would look like two writers.
let keeping = false;
let leaving = false;

function waitForKeeping(event) {
  if (event.defaultPrevented) return;
  leaving = true;
  if (!keeping) return;
  event.preventDefault();
  const { submitter, target } = event;
  const kept = new AbortController();
  const goOn = () => {
    kept.abort();
    target.requestSubmit(submitter);
  };
  for (const end of ["htmx:afterSettle", "htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(end, goOn, { signal: kept.signal });
  }
}

function keep(event) {
  if (!event.target.matches("[data-draft]")) return;
  if (leaving) event.preventDefault();
  else [keeping, sent] = [true, area().value];
}

export function tendReplies() {
  const box = area();
  if (!box) return;
  box.closest("[data-write]").classList.add("live");
  box.addEventListener("input", reflect);
  box.addEventListener("click", pointOut);
  box.addEventListener("keyup", pointOut);
  document.addEventListener("click", (event) => [mend, promise, find].forEach((act) => act(event)));
  document.addEventListener("htmx:beforeRequest", keep);
  document.addEventListener("htmx:oobBeforeSwap", stale);
  box.form.addEventListener("submit", waitForKeeping);
  window.addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("htmx:afterRequest", (event) => event.target === box.form && (keeping = false));
}
