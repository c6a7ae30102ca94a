"use strict";
// Who comes from a page of a run finds the same page of the other periods, where they have it.
(() => {
  const follow = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const asked = given.get("page") || "";
    const page = /^people\/[a-z0-9_-]+\.html$/.test(asked) ? asked : "index.html";
    const at = /^[a-z0-9_-]+$/i.test(given.get("at") || "") ? `#${given.get("at")}` : "";
    const known = new Set(Array.from(document.links, (link) => link.getAttribute("href")));
    for (const row of document.querySelectorAll("tr[data-run]")) {
      const { run } = row.dataset;
      row.querySelector(".here").hidden = run !== given.get("run");
      const own = `${run}/site/${page}`;
      row.querySelector(".site").href = known.has(own) ? own + at : `${run}/site/index.html`;
    }
  };
  document.addEventListener("DOMContentLoaded", follow);
  addEventListener("hashchange", follow);
})();
