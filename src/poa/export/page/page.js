"use strict";
// What every page can do: change its language and its light, and print itself whole.
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
(() => {
  const root = document.documentElement;
  const keep = (key, value) => { try { localStorage.setItem("poa-" + key, value); } catch { /* a file may have no store */ } };
  const kept = (key) => { try { return localStorage.getItem("poa-" + key); } catch { return null; } };

  // ---- language
  const setLanguage = (lang) => {
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    for (const button of all("[data-set-lang]")) button.setAttribute("aria-pressed", String(button.dataset.setLang === lang));
  };
  for (const button of all("[data-set-lang]")) {
    button.addEventListener("click", () => { setLanguage(button.dataset.setLang); keep("lang", button.dataset.setLang); });
  }
  setLanguage(kept("lang") || ((navigator.language || "").startsWith("zh") ? "zh" : "en"));

  // ---- light or dark: the system's choice until a person makes one
  const dark = matchMedia("(prefers-color-scheme: dark)");
  if (kept("theme")) root.dataset.theme = kept("theme");
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    keep("theme", root.dataset.theme);
  });

  // ---- paper shows what a screen folds away, save for what two letters have in common
  let opened = [];
  addEventListener("beforeprint", () => { opened = all("details:not([open]):not(.same)"); for (const d of opened) d.open = true; });
  addEventListener("afterprint", () => { for (const d of opened) d.open = false; });
  document.getElementById("print").addEventListener("click", () => print());
})();
