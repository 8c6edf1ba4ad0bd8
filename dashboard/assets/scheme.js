// Tells the server which paper the charts are drawn on.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    const scheme = dark.matches ? "dark" : "light";
    document.cookie = `scheme=${scheme}; path=/dashboard/; samesite=lax`;
  };
  tell();
  dark.addEventListener("change", () => {
    tell();
    location.reload();
  });
})();
