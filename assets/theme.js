// Runs before the first paint, as a plain blocking script, so that a chosen theme never flashes.
// Without a choice the page follows the system; choosing what the system shows ends the choice.
// The braces keep its names out of the global scope.

{
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");

  /** @returns {"dark" | "light"} */
  const system = () => (systemDark.matches ? "dark" : "light");

  /** @returns {"dark" | "light"} */
  const shown = () => (root.dataset.theme === "dark" || root.dataset.theme === "light" ? root.dataset.theme : system());

  /** @returns {string | null} */
  const remembered = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage may be refused; the choice then lasts as long as the page.
    }
  };

  /** @param {"dark" | "light"} theme */
  const choose = (theme) => {
    const followsSystem = theme === system();
    if (followsSystem) delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (followsSystem) localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // As above: nothing to remember it in.
    }
  };

  const choice = remembered();
  if (choice === "dark" || choice === "light") root.dataset.theme = choice;

  document.addEventListener("DOMContentLoaded", () => {
    const toggle = document.querySelector("[data-theme-toggle]");
    if (!(toggle instanceof HTMLButtonElement)) return;
    const name = () => {
      const text = `Switch to the ${shown() === "dark" ? "light" : "dark"} theme`;
      toggle.setAttribute("aria-label", text);
      toggle.title = text;
    };
    toggle.addEventListener("click", () => {
      choose(shown() === "dark" ? "light" : "dark");
      name();
    });
    systemDark.addEventListener("change", name);
    name();
    toggle.hidden = false;
  });
}
