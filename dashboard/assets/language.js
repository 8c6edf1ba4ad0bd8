// Keeps the language somebody chose on this browser, and draws the page anew in it.
addEventListener("click", (event) => {
  const tag = event.target.closest(".language")?.lang;
  if (!tag || tag === document.documentElement.lang) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  const year = 365 * 24 * 60 * 60;
  document.cookie = `respite_language=${tag}; path=/dashboard/; max-age=${year}; samesite=lax${secure}`;
  location.reload();
});
