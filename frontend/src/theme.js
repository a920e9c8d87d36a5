// Light, dark or as the device says, without leaving the page.
export function switchTheme() {
  document.addEventListener("submit", (event) => {
    const chosen = event.submitter?.matches("[data-theme-switch]") && event.submitter.value;
    if (!chosen) return;
    event.preventDefault();
    document.documentElement.dataset.theme = chosen;
    const body = new FormData(event.target);
    body.set("theme", chosen);
    fetch(event.target.action, { method: "POST", body, redirect: "manual" });
    document.dispatchEvent(new CustomEvent("huiying:theme"));
  });
}
