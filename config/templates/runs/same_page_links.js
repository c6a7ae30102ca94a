"use strict";
// Who comes from a page of a run finds the same page of the other periods, where they have it.
(() => {
  try {
    const theme = localStorage.getItem("timeweave-theme");
    if (["dark", "light"].includes(theme)) document.documentElement.dataset.theme = theme;
  } catch { /* A page from disk may be denied a memory; then it is in the system's mode. */ }
  const follow = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const asked = given.get("page") || "";
    const page = /^people\/[a-z0-9_-]+\.html$/.test(asked) ? asked : "index.html";
    const at = /^[a-z0-9_-]+$/i.test(given.get("at") || "") ? `#${given.get("at")}` : "";
    const person = document.getElementById("periods")?.dataset.people.split(" ").indexOf(page.slice(7, -5));
    for (const row of document.querySelectorAll("tr[data-run]")) {
      const { run, without } = row.dataset;
      row.querySelector(".here").hidden = run !== given.get("run");
      const known = page === "index.html" || (person >= 0 && without !== undefined && !without.split(" ").includes(String(person)));
      row.querySelector(".site").href = known ? `${run}/site/${page}${at}` : `${run}/site/index.html`;
    }
  };
  document.addEventListener("DOMContentLoaded", follow);
  addEventListener("hashchange", follow);
})();
