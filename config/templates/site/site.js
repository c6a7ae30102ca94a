(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "timeweave-theme";
  const MOST_FOUND = 200;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Pages opened from disk may be denied a memory; then each starts in the system's mode.
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem(KEY, theme); } catch { return; } };

  root.classList.remove("plain");
  if (["dark", "light"].includes(remembered())) root.dataset.theme = remembered();
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;

  function theming() {
    const button = $(".theme");
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  let index;
  const exact = (seconds) => {
    if (index.clock) {
      const minutes = Math.floor((2 * seconds + 60) / 120);
      return `${Math.floor(minutes / 60).toLocaleString("en")}:${String(minutes % 60).padStart(2, "0")}`;
    }
    const amount = Math.floor((seconds * 200 + 3600) / 7200);
    return `${Math.floor(amount / 100).toLocaleString("en")}.${String(amount % 100).padStart(2, "0")}`;
  };

  // ---- The rows of the page, and those that only the index has.

  const dimensions = ["person", "team", "category", "state", "database", "project"];
  let choices, items, people, entries, rest;

  // `3` is all of the row, `3:3600 4` that much of it and what is left, `3:3600 4:1800` parts that are not all of it.
  const shareOut = (parts, seconds) => parts.map(([at, own = seconds]) => { seconds -= own; return [at, own]; });

  function readRow(row) {
    const data = row.dataset;
    const seconds = Number(data.s ?? 0);
    const parts = (text) => text ? shareOut(text.split(" ").map((one) => one.split(":").map(Number)), seconds) : [];
    return {
      row, seconds, person: parts(data.p), category: parts(data.c), state: parts(data.t), database: parts(data.d), project: parts(data.j),
    };
  }

  function readRest(one) {
    const [title, number, seconds, database, state, category, person, project, given] = one;
    const anchor = given ?? `i-${index.databases[database][0]}-${number}`;
    const parts = (given) => {
      const flat = [given].flat();
      return shareOut(flat.flatMap((at, place) => place % 2 || at < 0 ? [] : [flat.slice(place, place + 2)]), seconds);
    };
    return {
      title, anchor, seconds, person: parts(person), category: parts(category), project: parts(project), state: parts(state),
      database: parts(database), reference: number ? `${database < 0 ? "" : index.databases[database][1] + " "}#${number}` : "",
    };
  }

  const textOf = (one) => one.text ??= fold(one.row ? one.row.textContent
    : `${one.title} ${one.reference} ${one.person.map(([who]) => index.people[who][1]).join(" ")}`);

  function readPage() {
    index = JSON.parse($("#index").textContent);
    choices = {
      person: index.people.map(([slug, name]) => [slug, name]),
      team: index.teams,
      category: index.categories,
      state: index.states.map((name) => [name, name]),
      database: index.databases,
      project: index.projects.map((name) => [name, name]),
    };
    items = $$("#items-table .rows tr[data-s]").map(readRow);
    people = $$("#people-table tr[data-who]").map((row) => ({ row, person: [[Number(row.dataset.who), 0]] }));
    entries = $$("tr[data-e]").map((row) => ({ row, seconds: Number(row.dataset.e) }));
    rest = index.rest.map(readRest);
  }

  // ---- The address: #row?person=…&q=…

  let filters = {};
  const splitHash = () => {
    const hash = location.hash.slice(1);
    const at = hash.indexOf("?");
    return at < 0 ? [hash, ""] : [hash.slice(0, at), hash.slice(at + 1)];
  };

  function readFilters() {
    const given = new URLSearchParams(splitHash()[1]);
    filters = { q: given.get("q") ?? "" };
    for (const name of dimensions) {
      const at = choices[name].findIndex(([key]) => key === given.get(name));
      if (given.has(name) && at >= 0) filters[name] = at;
    }
  }

  function writeFilters() {
    const given = new URLSearchParams();
    for (const name of dimensions) if (name in filters) given.set(name, choices[name][filters[name]][0]);
    if (filters.q) given.set("q", filters.q);
    const text = String(given);
    const hash = text ? `#${splitHash()[0] || "items"}?${text}` : "#items";
    history.replaceState(null, "", hash);
  }

  const active = () => Boolean(filters.q) || dimensions.some((name) => name in filters);
  const inTeam = (who) => index.people[who][2] === filters.team;

  // The parts of a row that a filter asks for; a team's are its people's.
  const isAsked = {
    person: ([who]) => who === filters.person && (!("team" in filters) || inTeam(who)),
    team: ([who]) => inTeam(who) && (!("person" in filters) || who === filters.person),
  };
  const askedParts = (one, name) => one[name === "team" ? "person" : name].filter(isAsked[name] ?? (([at]) => at === filters[name]));

  function matches(one, words, asked) {
    if (asked.some((name) => !askedParts(one, name).length)) return false;
    return !words.length || words.every((word) => textOf(one).includes(word));
  }

  // ---- Applying them.

  const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
  const sum = (rows) => rows.reduce((total, one) => total + one.seconds, 0);

  // Seconds of the rows that are all of what is asked: at least and at most, for of a row each filter's part is known, not what two have in common.
  function sumOfAsked(rows, asked) {
    const names = asked.filter((name) => name !== "team" || !("person" in filters));
    let least = 0, most = 0;
    for (const one of rows) {
      const own = names.map((name) => askedParts(one, name).reduce((total, part) => total + part[1], 0));
      most += Math.min(one.seconds, ...own);
      least += Math.max(0, own.reduce((left, part) => left - (one.seconds - part), one.seconds));
    }
    return [least, most];
  }

  function apply() {
    const words = fold(filters.q ?? "").split(/\s+/).filter(Boolean);
    const asked = dimensions.filter((name) => name in filters);
    const on = active();
    let shown = [], more = [], persons = [];
    for (const one of items) {
      one.row.hidden = on && !matches(one, words, asked);
      if (!one.row.hidden) shown.push(one);
    }
    if (on) more = rest.filter((one) => matches(one, words, asked));
    const whose = asked.filter((name) => name === "person" || name === "team");
    for (const one of people) {
      one.row.hidden = on && !matches(one, words, whose);
      if (!one.row.hidden) persons.push(one);
    }
    for (const one of entries) one.row.hidden = words.length > 0 && !words.every((word) => textOf(one).includes(word));
    for (const table of $$("#items-table, #people-table")) showGroups(table, on, words);
    showRest(more);
    showDays(words.length > 0);
    showCounts(on, asked, shown, more, persons);
    showChoices();
  }

  function showGroups(table, on, words) {
    for (const head of $$("tbody.head", table)) {
      const body = head.nextElementSibling;
      const rows = $$("tr:not(.rest)", body);
      const visible = rows.some((row) => !row.hidden);
      const named = on && words.length > 0 && words.every((word) => fold(head.textContent).includes(word));
      head.hidden = on && !visible && !named;
      for (const row of $$("tr.rest", body)) row.hidden = on;
      setOpen(head, on ? visible : head.dataset.open === "true", false);
    }
  }

  function setOpen(head, open, keep = true) {
    const button = $(".fold", head);
    if (keep) head.dataset.open = String(open);
    button.setAttribute("aria-expanded", String(open));
    head.nextElementSibling.hidden = !open;
    if (open) upgradeCells(head.nextElementSibling);
  }

  function showRest(more) {
    const body = $("#items-table .found");
    if (!body) return;
    const width = $("#items-table thead tr").cells.length;
    body.replaceChildren(...more.slice(0, MOST_FOUND).map((one) => {
      const who = one.person.length ? index.people[one.person[0][0]] : null;
      const href = who ? `people/${who[0]}.html#${one.anchor}` : `#${one.anchor}`;
      const title = make("bdi", { textContent: one.title || "No description" });
      const names = one.person.slice(0, 3).map(([at]) => index.people[at][1]).join(", ");
      const left = one.person.length > 3 ? ` and ${one.person.length - 3} more` : "";
      const row = make("tr", { id: one.anchor },
        make("th", { scope: "row" }, make("span", { className: "t" }, make("a", { href }, title)), " ", make("span", { className: "ref", textContent: one.reference })),
        make("td", { className: "num" }, make("b", { textContent: exact(one.seconds) })), make("td"),
        make("td", { textContent: one.state.length ? index.states[one.state[0][0]] : "" }));
      while (row.cells.length < width - 1) row.append(make("td"));
      row.append(make("td", { className: "people", textContent: names + left }));
      return row;
    }));
    body.hidden = !more.length;
  }

  function showDays(searching) {
    for (const day of $$("details.day")) {
      const rows = $$("tr[data-e]", day);
      const found = rows.some((row) => !row.hidden);
      day.hidden = searching && !found;
      if (searching && found) day.open = true;
    }
  }

  function showCounts(on, asked, shown, more, persons) {
    const all = items.length + rest.length;
    const found = shown.length + more.length;
    const whole = sum(shown) + sum(more);
    const [least, most] = sumOfAsked([...shown, ...more], asked);
    const hours = least === most ? exact(most) : `at most ${exact(most)}`;
    const own = most < whole ? ` of the ${exact(whole)} h in them` : "";
    const cut = more.length > MOST_FOUND ? `; the first ${MOST_FOUND} of ${more.length.toLocaleString("en")} that stand elsewhere are listed` : "";
    const text = on ? `${found.toLocaleString("en")} of ${plural(all, "row", "rows")}, ${hours} h${own}${cut}`
      : `${plural(items.length, "row", "rows")}${rest.length ? ` of ${all.toLocaleString("en")}` : ""}, ${exact(sum(items))} h`;
    const write = (selector, said) => { const place = $(selector); if (place && place.textContent !== said) place.textContent = said; };
    write('[data-for="items"] .count', text);
    write('[data-for="people"] .count', on ? `${persons.length} of ${plural(people.length, "person", "people")}` : plural(people.length, "person", "people"));
    write(".found-all", on ? `${plural(found, "row", "rows")}, ${hours} h${people.length ? `; ${plural(persons.length, "person", "people")}` : ""}` : "");
    const paper = $(".on-paper");
    if (paper) {
      paper.hidden = !on;
      const what = [...asked.map((name) => `${name} ${choices[name][filters[name]][1]}`), ...(filters.q ? [`“${filters.q}”`] : [])];
      paper.textContent = on ? `${people.length ? "People and items" : "Items"} below: only ${what.join(", ")}. ${text}.` : "";
    }
  }

  // ---- The controls.

  function showChoices() {
    for (const select of $$(".choices select")) {
      const at = filters[select.name];
      select.value = at === undefined ? "" : String(at);
      select.classList.toggle("set", at !== undefined);
    }
    const clear = $(".clear");
    if (clear) clear.hidden = !active();
    const box = $("#q");
    if (box && box.value !== (filters.q ?? "")) box.value = filters.q ?? "";
  }

  function change() { writeFilters(); apply(); }

  function filtering() {
    for (const name of dimensions) {
      if (choices[name].length < 2) continue;
      const select = make("select", { name, ariaLabel: `Filter by ${name}` }, make("option", { value: "", textContent: `any ${name}` }),
        ...choices[name].map(([, label], at) => make("option", { value: String(at), textContent: label })));
      select.addEventListener("change", () => {
        if (select.value === "") delete filters[name]; else filters[name] = Number(select.value);
        change();
      });
      $(".choices").append(select);
    }
    const box = $("#q");
    let waiting;
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        filters.q = box.value.trim();
        change();
        const bar = $(".filters");
        if (filters.q && bar.getBoundingClientRect().top > innerHeight * 0.6) bar.scrollIntoView({ block: "start" });
      }, 120);
    });
    for (const form of $$("form")) form.addEventListener("submit", (event) => { event.preventDefault(); change(); });
    $(".clear").addEventListener("click", clearAll);
  }

  function clearAll() {
    filters = { q: "" };
    if ($("#q")) $("#q").value = "";
    change();
  }

  // ---- Groups that open.

  function grouping() {
    for (const table of $$("#items-table, #people-table")) {
      const heads = $$("tbody.head", table);
      const many = $$(".rows tr", table).length > 40 || heads.length > 6;
      const start = table.id === "people-table" ? !$(".rows.many", table) : !many;
      for (const head of heads) {
        setOpen(head, start);
        $(".fold", head).addEventListener("click", () => setOpen(head, $(".fold", head).getAttribute("aria-expanded") !== "true"));
      }
      for (const body of $$("tbody.rows", table)) if (!body.previousElementSibling?.classList.contains("head")) upgradeCells(body);
      const all = $(`[data-for="${table.id.replace("-table", "")}"] .fold-all`);
      if (!all) continue;
      all.hidden = !heads.length;
      const label = () => { all.textContent = heads.every((head) => head.dataset.open === "true") ? "Close all" : "Open all"; };
      all.addEventListener("click", () => {
        const open = !heads.every((head) => head.dataset.open === "true");
        heads.forEach((head) => setOpen(head, open));
        label();
      });
      label();
    }
  }

  // ---- The table of days: a cell leads to the person's day.

  function upgradeCells(body) {
    const table = body.closest("table.heat");
    if (!table || body.dataset.done) return;
    body.dataset.done = "true";
    const days = table.dataset.days.split(" ");
    for (const row of body.rows) {
      const link = row.dataset.who === undefined ? "" : $("th a", row).getAttribute("href");
      days.forEach((day, at) => {
        const cell = row.cells[at + 1];
        const text = cell.textContent || "·";
        const anchor = make("a", { href: `${link}#d-${day}`, textContent: text, tabIndex: -1 });
        const heading = table.tHead.rows[0].cells[at + 1].textContent;
        anchor.setAttribute("aria-label", `${link ? $("th a", row).textContent + ", " : ""}${heading}: ${cell.title || text}`);
        cell.replaceChildren(anchor);
      });
    }
    const first = $("td a", table);
    if (first && !$('td a[tabindex="0"]', table)) first.tabIndex = 0;
  }

  function moving() {
    document.addEventListener("keydown", (event) => {
      const cell = event.target.closest?.(".heat td");
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!cell || !step) return;
      const rows = $$("tr", cell.closest("table")).filter((row) => $("td a", row) && row.offsetParent);
      const row = rows[rows.indexOf(cell.parentElement) + step[0]];
      const next = row && $("a", row.cells[cell.cellIndex + step[1]] ?? row);
      if (!next?.closest("td")) return;
      event.preventDefault();
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }

  // ---- Sorting: rows within their groups, and the groups by their own numbers.

  function value(row, column) {
    const cell = row.cells[column];
    const text = (cell.dataset.v ?? ($(".t", cell) ?? cell).textContent).trim().replace("\u2212", "-");
    if (cell.dataset.v === undefined && !cell.matches(".num, .heat td")) return text;
    const number = Number(text.replace(/,/g, "").replace(/\s*%$/, "").replace(/^(\d+):(\d\d)$/, (_, hours, minutes) => String(Number(hours) + minutes / 60)));
    return text === "" || Number.isNaN(number) ? text : number;
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true, sensitivity: "base" });
  }

  function sort(heading) {
    const table = heading.closest("table");
    const first = heading.classList.contains("num") ? "descending" : "ascending";
    const order = heading.getAttribute("aria-sort") === first ? (first === "ascending" ? "descending" : "ascending") : first;
    for (const one of $$("[aria-sort]", table.tHead)) one.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const ordered = (rows, of) => rows.map((row, place) => ({ row, place, value: value(of(row), heading.cellIndex) }))
      // What is missing stays last, whichever way is up.
      .sort((a, b) => (a.value === "") - (b.value === "") || sign * compare(a.value, b.value) || a.place - b.place).map((one) => one.row);
    for (const body of table.tBodies) {
      if (body.classList.contains("head")) continue;
      const kept = $$("tr.rest", body);
      body.append(...ordered([...body.rows].filter((row) => !row.classList.contains("rest")), (row) => row), ...kept);
    }
    const heads = $$("tbody.head", table);
    const bodies = ordered(heads, (head) => head.rows[0]).flatMap((head) => [head, head.nextElementSibling]);
    const end = $("tbody.found", table);
    if (end) end.before(...bodies); else table.append(...bodies);
  }

  // ---- Taking rows along.

  function collect(table) {
    const clean = (text) => text.replace(/\s+/g, " ").trim();
    const head = [...table.tHead.rows[0].cells].map((cell) => clean(cell.textContent));
    const lines = [["Group", head[0], "Reference", ...head.slice(1)]];
    let group = "";
    const add = (row) => {
      const first = row.cells[0];
      const name = clean(($(".t", first) ?? $("a", first) ?? first).textContent);
      const cells = [...row.cells].slice(1).map((cell) => (cell.matches(".num") ? plain : harmless)(clean(cell.textContent).replace(/^·$/, "")));
      lines.push([...[group, name, clean($(".ref", first)?.textContent ?? "")].map(harmless), ...cells]);
    };
    for (const body of table.tBodies) {
      if (body.classList.contains("head")) { group = clean(($(".t", body) ?? body).textContent); continue; }
      if (body.classList.contains("found")) continue;
      for (const row of body.rows) if (!row.hidden && !row.classList.contains("rest")) add(row);
    }
    if (table.id === "items-table") {
      const words = fold(filters.q ?? "").split(/\s+/).filter(Boolean);
      const asked = dimensions.filter((name) => name in filters);
      for (const one of rest.filter((each) => matches(each, words, asked))) {
        const names = one.person.map(([at]) => index.people[at][1]).join(", ");
        const state = one.state.length ? index.states[one.state[0][0]] : "";
        lines.push(["", harmless(one.title), harmless(one.reference), plain(exact(one.seconds)), "", harmless(state), "", "", "", harmless(names)]);
      }
    }
    return lines;
  }

  // A text that a spreadsheet would take for a formula begins with an apostrophe.
  const harmless = (text) => /^["\s]*[=+\-@\t\r\n\0\u2212\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  // Hours without the signs that only people need.
  const plain = (text) => /^[+\u2212-]?\d{1,3}(,\d{3})*(\.\d+|:\d\d)?$/.test(text) ? text.replace(/,/g, "").replace("\u2212", "-").replace("+", "") : harmless(text);
  const quoted = (text, when) => when.test(text) ? `"${text.replace(/"/g, '""')}"` : text;

  async function copy(text, button) {
    const label = button.dataset.label ??= button.textContent;
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make("textarea", { value: text, className: "unseen" });
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  function taking() {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.matches(".sort")) sort(button.closest("th"));
      if (button.matches(".copy-text")) copy($("code", button.parentElement).textContent, button);
      if (!button.matches(".copy, .csv")) return;
      const table = $(`#${button.closest(".tools").dataset.for}-table`);
      const lines = collect(table);
      if (button.matches(".copy")) { copy(lines.map((line) => line.map((text) => quoted(text, /^"/)).join("\t")).join("\n"), button); return; }
      const file = new Blob(["\ufeff", lines.map((line) => line.map((text) => quoted(text, /[",\n]/)).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" });
      const link = make("a", { href: URL.createObjectURL(file), download: `${table.dataset.name}.csv` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  // ---- Where the address leads: what is closed opens, and a row that only the index has is found.

  function arrive() {
    const [name] = splitHash();
    for (const one of $$(".aim")) one.classList.remove("aim");
    if (!name) return;
    let target = document.getElementById(decodeURIComponent(name));
    if (!target) {
      const one = rest.find((each) => each.anchor === name);
      if (!one) return;
      showRest([one]);
      target = document.getElementById(name);
    }
    if (target.matches("details")) target.open = true;
    const day = target.closest("details");
    if (day) day.open = true;
    const body = target.closest("tbody.rows");
    if (body?.previousElementSibling?.classList.contains("head")) setOpen(body.previousElementSibling, true);
    if (target.parentElement?.matches("tbody.head")) setOpen(target.parentElement, true);
    if (target.matches("tr")) target.classList.add("aim");
    target.scrollIntoView({ block: target.matches("tr") ? "center" : "start" });
  }

  function keys() {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = event.target.closest?.("input, textarea, select");
      if (event.key === "/" && !typing) { event.preventDefault(); $("#q").focus(); $("#q").select(); }
      if (event.key === "Escape" && active()) { event.preventDefault(); clearAll(); }
    });
  }

  // Beside the runs' folders lies the page of all periods, also where they were copied to. A page on a disk cannot look whether it
  // is there: of a single run that was copied, the link leads nowhere. In other folders there is none.
  function periods() {
    const link = $(".periods");
    const page = document.body.dataset.page;
    const path = decodeURIComponent(location.pathname).replace(/\/$/, "/index.html");
    const found = path.endsWith(`/${page}`) && path.slice(0, -page.length - 1).match(/\/(?:runs\/([^/]+)|(run_[^/]+))\/site$/);
    if (!found) return;
    const run = found[1] ?? found[2];
    link.hidden = false;
    const lead = () => {
      const given = new URLSearchParams({ run, page });
      if (splitHash()[0]) given.set("at", splitHash()[0]);
      link.href = `${"../".repeat(page.split("/").length - 1)}../../index.html#${given}`;
    };
    addEventListener("hashchange", lead);
    lead();
  }

  document.addEventListener("DOMContentLoaded", () => {
    theming();
    readPage();
    for (const table of $$(".heat")) for (const body of $$("tbody.rows", table)) if (table.id !== "people-table") upgradeCells(body);
    grouping();
    filtering();
    moving();
    taking();
    keys();
    periods();
    readFilters();
    apply();
    arrive();
    addEventListener("hashchange", () => { readFilters(); apply(); arrive(); });
    addEventListener("beforeprint", () => {
      $$("details").forEach((one) => { one.open = true; });
      for (const head of $$("tbody.head")) if (!head.hidden && !active()) setOpen(head, true);
    });
  });
})();
