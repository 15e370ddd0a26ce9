"use strict";
(() => {
  const sheets = [...document.querySelectorAll("details.sheet")];
  const make = (tag, values, ...children) => {
    const node = Object.assign(document.createElement(tag), values);
    node.append(...children);
    return node;
  };
  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");

  const open = (place) => {
    const target = place && document.getElementById(place);
    const sheet = target && target.closest("details.sheet");
    if (sheet) {
      sheet.hidden = false;
      sheet.open = true;
      target.scrollIntoView();
    }
  };
  const here = () => open(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", here);
  let kept = [];
  addEventListener("beforeprint", () => {
    kept = sheets.map((sheet) => [sheet.hidden, sheet.open]);
    sheets.forEach((sheet) => { sheet.hidden = false; sheet.open = true; });
  });
  addEventListener("afterprint", () => kept.forEach(([hidden, open], index) => {
    sheets[index].hidden = hidden;
    sheets[index].open = open;
  }));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.permalink");
    if (link && navigator.clipboard) {
      navigator.clipboard.writeText(link.href).then(() => { status.textContent = "Link copied"; }, () => {});
    }
  });

  const section = document.getElementById("sheets");
  if (section && sheets.length) {
    const words = make("input", { type: "search", id: "filter-words" });
    const kind = make("select", { id: "filter-kind" });
    for (const [value, text] of [
      ["", "All criteria"], ["scored", "With a value"], ["no-evidence", "Without a value"],
      ["not-applicable", "Not applicable"], ["low", "Low confidence"],
    ]) {
      kind.append(make("option", { value, textContent: text }));
    }
    const filter = () => {
      const wanted = words.value.trim().toLowerCase();
      let shown = 0;
      for (const sheet of sheets) {
        const fits = !kind.value || sheet.classList.contains(kind.value) || sheet.dataset.confidence === kind.value;
        sheet.hidden = !(fits && sheet.textContent.toLowerCase().includes(wanted));
        shown += sheet.hidden ? 0 : 1;
      }
      status.textContent = `${shown} of ${sheets.length} criteria shown`;
    };
    const fold = make("button", { type: "button", textContent: "Fold all" });
    fold.addEventListener("click", () => {
      const folding = sheets.some((sheet) => sheet.open);
      sheets.forEach((sheet) => { sheet.open = !folding; });
      fold.textContent = folding ? "Unfold all" : "Fold all";
    });
    words.addEventListener("input", filter);
    kind.addEventListener("change", filter);
    section.querySelector("h2").after(make(
      "div", { className: "tools" },
      make("label", { htmlFor: "filter-words", textContent: "Find in the sheets" }), words,
      make("label", { htmlFor: "filter-kind", textContent: "Show" }), kind, fold, status,
    ));
  } else {
    document.querySelector("main").append(status);
  }

  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver((seen) => {
    for (const entry of seen) {
      const link = links.get(entry.target.id);
      if (link && entry.isIntersecting) {
        links.forEach((other) => other.removeAttribute("aria-current"));
        link.setAttribute("aria-current", "true");
      }
    }
  }, { rootMargin: "0px 0px -70% 0px" });
  document.querySelectorAll("main > section").forEach((part) => watch.observe(part));
  here();
})();
