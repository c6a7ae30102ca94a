(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "timeweave-theme";

  // Pages opened from disk may be denied a memory; then each starts in the system's mode.
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem(KEY, theme); } catch { return; } };

  root.classList.remove("plain");
  if (["dark", "light"].includes(remembered())) root.dataset.theme = remembered();
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;

  function theming() {
    const button = document.querySelector(".theme");
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  function value(row, column) {
    const cell = row.cells[column];
    const text = (cell.dataset.v ?? cell.textContent).trim();
    const number = Number(text.replace(/,/g, "").replace(/\s*%$/, ""));
    return text === "" || Number.isNaN(number) ? text : number;
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true, sensitivity: "base" });
  }

  function sort(heading) {
    const table = heading.closest("table");
    const body = table.tBodies[0];
    const first = heading.classList.contains("num") ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = heading.getAttribute("aria-sort") === first ? other : first;
    for (const one of table.tHead.querySelectorAll("[aria-sort]")) one.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const rows = [...body.rows].map((row, place) => ({ row, place, value: value(row, heading.cellIndex) }));
    // What is missing stays last, whichever way is up.
    rows.sort((a, b) => (a.value === "") - (b.value === "") || sign * compare(a.value, b.value) || a.place - b.place);
    body.append(...rows.map((one) => one.row));
    cut(table);
  }

  function cut(table) {
    const first = table.dataset.open ? Infinity : Number(table.dataset.first ?? Infinity);
    [...table.tBodies[0].rows].forEach((row, place) => row.classList.toggle("cut", place >= first));
  }

  function shorten(table) {
    const count = table.tBodies[0].rows.length;
    // A button that reveals two rows is worth less than the rows.
    if (count <= Number(table.dataset.first) + 3) { table.dataset.open = "true"; return; }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "all";
    const label = () => {
      button.textContent = table.dataset.open ? "Show fewer rows" : `Show all ${count} rows`;
      button.setAttribute("aria-expanded", String(Boolean(table.dataset.open)));
    };
    button.addEventListener("click", () => {
      if (table.dataset.open) delete table.dataset.open; else table.dataset.open = "true";
      cut(table);
      label();
    });
    label();
    (table.closest(".scroll") ?? table).after(button);
    cut(table);
  }

  document.addEventListener("DOMContentLoaded", () => {
    theming();
    document.querySelectorAll("table[data-first]").forEach(shorten);
    document.addEventListener("click", (event) => {
      const button = event.target.closest(".sort");
      if (button) sort(button.closest("th"));
    });
    addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  });
})();
