// What a page can do beyond being read. Without this file everything is there and visible, in the order as written.
"use strict";
(() => {
  const root = document.documentElement;
  const phone = matchMedia("(max-width: 40rem)");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // The choice of colours is all that is ever kept, and only on the reader's machine.
  const THEME = "kpi-tracker-theme";
  const kept = () => {
    try {
      return localStorage.getItem(THEME) || "";
    } catch {
      return ""; // storage is switched off
    }
  };
  const keep = (theme) => {
    try {
      theme ? localStorage.setItem(THEME, theme) : localStorage.removeItem(THEME);
    } catch {
      // it lasts for this page then
    }
  };
  const paint = (theme) => (theme ? (root.dataset.theme = theme) : delete root.dataset.theme);
  root.classList.add("js");
  paint(kept()); // before anything is drawn

  // What a reader chose stands in the address behind #, so that it can be sent: #status=lagging&sort=-3
  const state = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const remember = (changes) => {
    const now = state();
    for (const [name, value] of Object.entries(changes)) value ? now.set(name, value) : now.delete(name);
    history.replaceState(null, "", "#" + now);
  };

  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const collator = new Intl.Collator(root.lang, { numeric: true });

  // A cell is worth a number, a text, or nothing; nothing is last whichever way the rows are sorted.
  const worth = (row, column, numeric) => {
    const cell = row.cells[column];
    if (!cell) return null;
    if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    return cell.dataset.text || (numeric ? null : cell.textContent.trim() || null);
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "string" && typeof b === "string") return collator.compare(a, b);
    return typeof a === "number" ? -1 : 1;
  };
  const sort = (table, column, down) => {
    const heads = all("thead th", table);
    if (!heads[column]) return;
    const numeric = heads[column].classList.contains("n");
    const rows = [...table.tBodies[0].rows].map((row) => [worth(row, column, numeric), row]);
    const some = rows.filter(([key]) => key !== null).sort(([a], [b]) => (down ? -compare(a, b) : compare(a, b)));
    const none = rows.filter(([key]) => key === null);
    table.tBodies[0].append(...some.concat(none).map(([, row]) => row));
    heads.forEach((head, i) => head.setAttribute("aria-sort", i !== column ? "none" : down ? "descending" : "ascending"));
  };

  const sortable = (table, remembered) => {
    const heads = all("thead th", table);
    heads.forEach((head, column) => {
      const title = head.querySelector("span");
      if (!title.textContent) return;
      const button = document.createElement("button");
      button.type = "button";
      title.replaceWith(button);
      button.append(title);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        // numbers are asked for the largest first, names from the start of the alphabet
        const before = head.getAttribute("aria-sort");
        const down = before === "none" ? head.classList.contains("n") : before === "ascending";
        sort(table, column, down);
        if (remembered) remember({ sort: (down ? "-" : "") + (column + 1) });
      });
    });
  };

  const filtered = (form, remembered) => {
    const table = document.getElementById(form.dataset.for);
    const controls = all("[data-by]", form);
    const told = form.querySelector("[role=status]");
    const first = [...table.tBodies[0].rows];
    const texts = new Map();
    const text = (row) => texts.get(row) || texts.set(row, folded(row.textContent)).get(row);
    const matches = (row, by, value) => {
      if (by === "q") return folded(value).split(/\s+/).every((word) => text(row).includes(word));
      return by === "tag" ? row.dataset.tag.split("\n").includes(value) : row.dataset[by] === value;
    };
    const apply = () => {
      const wanted = controls.map((each) => [each.dataset.by, each.value.trim()]).filter(([, value]) => value);
      let shown = 0;
      for (const row of first) {
        row.hidden = !wanted.every(([by, value]) => matches(row, by, value));
        if (!row.hidden) shown += 1;
      }
      told.textContent = told.dataset.pattern.replace("{shown}", shown).replace("{all}", first.length);
    };
    const restore = () => {
      const now = state();
      for (const each of controls) {
        each.value = now.get(each.dataset.by) || "";
        if (each.selectedIndex === -1) each.value = ""; // of the other language, or of an older plan
      }
      const by = Number(now.get("sort"));
      if (by) sort(table, Math.abs(by) - 1, by < 0);
      apply();
    };
    form.addEventListener("input", () => {
      apply();
      if (remembered) remember(Object.fromEntries(controls.map((each) => [each.dataset.by, each.value.trim()])));
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const each of controls) each.value = "";
      table.tBodies[0].append(...first);
      all("thead th[aria-sort]", table).forEach((head) => head.setAttribute("aria-sort", "none"));
      if (remembered) history.replaceState(null, "", location.pathname);
      apply();
    });
    if (remembered) addEventListener("hashchange", restore);
    remembered ? restore() : apply();
  };

  // On a phone a row of many cells becomes a card; each cell then says what it is, and stays a cell to a screen reader.
  const cards = () => {
    if (!phone.matches) return;
    for (const table of all("table:not(.cards)")) {
      const heads = all("thead th", table);
      if (heads.length < 4) continue;
      const labels = heads.map((head) => [...head.querySelectorAll("span, small")].map((part) => part.textContent).join(" / "));
      table.classList.add("cards");
      table.setAttribute("role", "table");
      for (const row of table.rows) {
        row.setAttribute("role", "row");
        [...row.cells].forEach((cell, i) => {
          const head = cell.tagName === "TH";
          cell.setAttribute("role", !head ? "cell" : cell.scope === "row" ? "rowheader" : "columnheader");
          if (!head) cell.dataset.label = labels[i];
        });
      }
    }
  };
  // What is wider than the screen scrolls by itself, also by keyboard.
  const scrolls = () => {
    for (const box of all(".scroll")) {
      const wide = box.scrollWidth > box.clientWidth;
      for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", box.dataset.label]])
        wide ? box.setAttribute(name, value) : box.removeAttribute(name);
      // Of a picture the newest figures, the target and what is marked stand at the right: they are seen first.
      if (wide && box.matches(".broad:not(.beyond)")) box.scrollLeft = box.scrollWidth;
      box.classList.toggle("beyond", wide && box.matches(".broad"));
    }
  };

  const header = () => {
    const menu = document.querySelector("button.menu");
    const theme = document.querySelector("select.theme");
    const find = document.querySelector("form.find");
    if (!menu) return;
    menu.addEventListener("click", () => {
      menu.setAttribute("aria-expanded", String(menu.getAttribute("aria-expanded") !== "true"));
    });
    theme.value = kept();
    theme.addEventListener("change", () => {
      keep(theme.value);
      paint(theme.value);
    });
    document.querySelector("button.print").addEventListener("click", () => print());
    for (const link of all("a.language"))
      link.addEventListener("click", () => (link.href = link.href.split("#")[0] + location.hash));
    if (find) {
      find.addEventListener("submit", (event) => {
        event.preventDefault();
        location.href = find.dataset.list + "#" + new URLSearchParams({ q: find.elements.q.value.trim() });
      });
    }
    const drop = document.querySelector("details.drop");
    if (!drop) return;
    document.addEventListener("click", (event) => drop.contains(event.target) || (drop.open = false));
    drop.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      drop.open = false;
      drop.querySelector("summary").focus();
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    header();
    const forms = all("form.filters");
    const main = forms[0] && document.getElementById(forms[0].dataset.for);
    for (const table of all("table.sortable")) sortable(table, table === main);
    forms.forEach((form, i) => filtered(form, i === 0));
    for (const button of all(".tree [data-open]")) {
      const open = button.dataset.open === "true";
      button.addEventListener("click", () => all("details", button.closest(".tree")).forEach((one) => (one.open = open)));
    }
    cards();
    scrolls();
    phone.addEventListener("change", cards);
    addEventListener("resize", scrolls);
  });
  addEventListener("beforeprint", () => all("main .tree details").forEach((one) => (one.open = true)));
})();
