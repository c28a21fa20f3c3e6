// Light, dark or the system's: changes at once and keeps the cookie that the server reads.

const root = document.documentElement;

function keep(choice) {
  const chosen = choice === "light" || choice === "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = chosen ? 31536000 : 0;
  document.cookie = `derman-theme=${choice}; path=/; max-age=${age}; SameSite=Lax${secure}`;
  if (chosen) root.dataset.theme = choice;
  else delete root.dataset.theme;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  keep(event.submitter.value);
  for (const button of form.querySelectorAll("button")) {
    if (button === event.submitter) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
});
