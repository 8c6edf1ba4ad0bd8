// Dash draws radio buttons and check boxes as a list box of labels, and gives its menus
// a hidden field that the keyboard stops at. Screen readers stumble over both: the
// boxes inside are real, and a fieldset names them, so the false roles go.
(() => {
  const FALSE_ROLES =
    ".dash-radioitems[role], .dash-checklist[role], .dash-radioitems [role=option], .dash-checklist [role=option], .dash-radioitems [aria-selected], .dash-checklist [aria-selected]";
  const mend = () => {
    for (const one of document.querySelectorAll(FALSE_ROLES)) {
      one.removeAttribute("role");
      one.removeAttribute("aria-selected");
    }
    for (const one of document.querySelectorAll(".dash-dropdown-focus-target[tabindex='0']"))
      one.setAttribute("tabindex", "-1");
  };
  new MutationObserver(mend).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributeFilter: ["role", "aria-selected", "tabindex"],
  });
  addEventListener("DOMContentLoaded", mend);
})();

// "/" finds a patient; up and down go from one patient to the next.
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, [contenteditable], [role=listbox]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("caseload-search");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const people = [...document.querySelectorAll(".caseload tbody th a")];
  const at = people.indexOf(document.activeElement);
  if (step && at >= 0) {
    event.preventDefault();
    people[Math.min(Math.max(at + step, 0), people.length - 1)].focus();
  }
});
