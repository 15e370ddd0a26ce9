"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { branches, cases, criteria, pillars, types, bands, labels, tolerance } = data;
  const m = criteria.length, p = pillars.length, root = p;
  const top = branches[branches.length - 1].inner;
  const edges = bands.slice(0, -1).map((band) => band.at_least - tolerance);
  const at = (id) => document.getElementById(id);

  // Weights: what the sliders say. Pillars by type, criteria for all types.

  const copy = (weights) => ({ criteria: [...weights.criteria], pillars: weights.pillars.map((column) => [...column]) });
  const declared = data.presets[0];
  let weights = copy(declared);
  const same = (a, b) => a.every((weight, index) => weight === b[index]);
  const equal = (a, b) => same(a.criteria, b.criteria) && a.pillars.every((column, type) => same(column, b.pillars[type]));

  // Arithmetic: the same steps as robustness/weighted.py and scoring/kernel.py.

  const transforms = {
    arithmetic: () => [(v) => v, (v) => v],
    geometric: ({ floor }) => [(v) => Math.log(Math.max(v, floor)), Math.exp],
    power: ({ floor, exponent }) => [(v) => Math.max(v, floor) ** exponent, (v) => v ** (1 / exponent)],
  };
  for (const branch of branches) {
    const make = transforms[branch.method];
    if (make) [branch.f, branch.inverse] = make(branch);
  }
  const widest = Math.max(...branches.map((branch) => branch.leaves.length + branch.inner.length));
  const childValue = new Float64Array(widest), childWeight = new Float64Array(widest);

  /** Weights of one case as shares among neighbours; a pillar in which none is left drops out. */
  function shares(entry, of) {
    const leaf = new Float64Array(m), inner = Float64Array.from(of.pillars[entry.type]);
    for (let c = 0; c < m; c++) leaf[c] = of.criteria[c] * entry.multipliers[c];
    for (const branch of branches) {
      let total = 0;
      for (const c of branch.leaves) total += leaf[c];
      for (const node of branch.inner) total += inner[node];
      const share = total > 0 ? 1 / total : 0;
      for (const c of branch.leaves) leaf[c] *= share;
      for (const node of branch.inner) inner[node] *= share;
      if (branch.node < p && !(total > 0)) inner[branch.node] = 0;
    }
    return { leaf, inner };
  }

  /** Combine the first `count` children by a branch's method; NaN children leave, and NaN where none is left. */
  function combine(branch, count) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      if (Number.isNaN(childValue[i])) {
        childWeight[i] = 0;
        childValue[i] = 1;
      }
      total += childWeight[i];
    }
    if (total < tolerance) return NaN;
    if (branch.f) {
      let sum = 0;
      for (let i = 0; i < count; i++) if (childWeight[i] !== 0) sum += childWeight[i] * branch.f(childValue[i]);
      return branch.inverse(sum / total);
    }
    if (branch.method === "minimum") {
      let least = Infinity;
      for (let i = 0; i < count; i++) if (childWeight[i] > 0) least = Math.min(least, childValue[i]);
      return least;
    }
    const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => childValue[b] - childValue[a] || a - b);
    let reached = 0, before = 0, sum = 0;
    for (const i of order) {
      reached += childWeight[i];
      const quantile = Math.min(reached / total, 1) ** branch.exponent;
      sum += childValue[i] * (quantile - before);
      before = quantile;
    }
    return sum;
  }

  /** Scores and coverage of every node, the whole last, for values of the criteria. */
  function climb(entry, share, values, score, coverage) {
    for (const branch of branches) {
      let count = 0, seen = 0;
      for (const c of branch.leaves) {
        childValue[count] = values[c];
        childWeight[count++] = share.leaf[c];
        if (!Number.isNaN(values[c])) seen += share.leaf[c] * entry.counted[c];
      }
      for (const node of branch.inner) {
        childValue[count] = score[node];
        childWeight[count++] = share.inner[node];
        seen += share.inner[node] * coverage[node];
      }
      coverage[branch.node] = seen;
      score[branch.node] = combine(branch, count);
    }
    const threshold = data.insufficient_below / 100 - tolerance;
    for (let node = 0; node < p; node++) if (coverage[node] < threshold) score[node] = NaN;
    const live = top.filter((node) => share.inner[node] > 0);
    if (!live.length || live.some((node) => coverage[node] < threshold)) score[root] = NaN;
    for (let node = 0; node <= p; node++) score[node] = Math.min(score[node], 100);
  }

  /** Band index of a score, before red lines; -1 without a score. */
  function band(score) {
    if (Number.isNaN(score)) return -1;
    let code = 0;
    for (const edge of edges) if (score < edge) code++;
    return code;
  }

  function capped(entry, node, code) {
    for (const cap of entry.caps) if (cap.node === node && (cap.blocks || code >= 0)) code = Math.max(code, cap.code);
    return code;
  }

  /** How far a node can be relied on; the whole is no better covered than its thinnest pillar. */
  function basis(share, coverage, node) {
    let part = coverage[node];
    if (node === root) for (const child of top) if (share.inner[child] > 0) part = Math.min(part, coverage[child]);
    if (100 * part < data.insufficient_below - tolerance) return "insufficient";
    return 100 * part < data.provisional_below - tolerance ? "provisional" : "sufficient";
  }

  /** Values of the criteria: of several key parties the weakest counts; NaN where too little is known. */
  function reduce(entry, pick, values) {
    values.fill(NaN);
    entry.inputs.forEach((input, index) => {
      const value = pick(input, index);
      values[input.criterion] = Number.isNaN(values[input.criterion]) ? value : Math.min(values[input.criterion], value);
    });
    for (let c = 0; c < m; c++) if (entry.thin[c]) values[c] = NaN;
    return values;
  }

  for (const entry of cases) {
    entry.best = reduce(entry, (input) => input.value, new Float64Array(m));
    entry.worst = reduce(entry, (input) => input.low, new Float64Array(m));
    entry.fullest = reduce(entry, (input) => input.high, new Float64Array(m));
    entry.score = new Float64Array(p + 1);
    entry.coverage = new Float64Array(p + 1);
  }
  const scratch = new Float64Array(p + 1), scratchCoverage = new Float64Array(p + 1), values = new Float64Array(m);

  function evaluate(entry, of) {
    const share = shares(entry, of);
    climb(entry, share, entry.worst, scratch, scratchCoverage);
    const low = scratch[root];
    climb(entry, share, entry.fullest, scratch, scratchCoverage);
    const high = scratch[root];
    climb(entry, share, entry.best, entry.score, entry.coverage);
    const score = entry.score[root], uncapped = band(score);
    return { share, low, high, score, uncapped, code: capped(entry, root, uncapped), basis: basis(share, entry.coverage, root) };
  }

  function rank(results) {
    results.forEach((result, index) => {
      const rivals = results.filter((other, place) => (
        place !== index && cases[place].type === cases[index].type && !Number.isNaN(other.score)));
      const none = Number.isNaN(result.score);
      result.of = rivals.length + 1;
      result.rank = none ? 0 : 1 + rivals.filter((other) => other.score > result.score + tolerance).length;
      result.settled = none || rivals.every((other) => other.low > result.high || other.high < result.low);
    });
    return results;
  }
  const score = (of) => rank(cases.map((entry) => evaluate(entry, of)));
  const baseline = score(declared);
  let results = baseline;

  // Test vectors of the rubric: observations with a known answer, which other weights may change.

  for (const vector of data.vectors) {
    vector.values = Float64Array.from(vector.values, (value) => (value === null ? NaN : value));
    vector.counted = new Float64Array(m).fill(1);
    vector.score = new Float64Array(p + 1);
    vector.coverage = new Float64Array(p + 1);
  }

  /** Return the vectors that come out otherwise, each with what it expects now; as in scoring/vectors.py. */
  function broken() {
    for (const vector of data.vectors) {
      vector.share = shares(vector, weights);
      climb(vector, vector.share, vector.values, vector.score, vector.coverage);
    }
    const found = [];
    for (const vector of data.vectors) {
      const { expect, id } = vector.stated, now = structuredClone(expect), says = [];
      const uncapped = (node) => band(vector.score[node]), after = (node) => capped(vector, node, uncapped(node));
      const restate = (holder, field, code, what) => {
        const label = code < 0 ? null : labels[code];
        if (holder[field] == null || holder[field] === label) return;
        says.push(`${what} ${holder[field]}, now ${label ?? "none"}`);
        if (label === null) delete holder[field];
        else holder[field] = label;
      };
      restate(now, "rating", after(root), "rating");
      restate(now, "uncapped_rating", uncapped(root), "rating before red lines");
      for (const name of Object.keys(now.pillars ?? {})) {
        const node = pillars.findIndex((pillar) => pillar.id === name);
        restate(now.pillars, name, after(node), `rating of ${pillars[node].title}`);
      }
      const covered = basis(vector.share, vector.coverage, root);
      if (now.basis != null && now.basis !== covered) {
        says.push(`basis ${now.basis}, now ${covered}`);
        now.basis = covered;
      }
      if (now.below != null) {
        const node = now.on == null ? root : pillars.findIndex((pillar) => pillar.id === now.on);
        const other = data.vectors.find((one) => one.stated.id === now.below);
        if (!(vector.score[node] < other.score[node])) {
          says.push(`no longer below ${now.below}`);
          delete now.below;
          delete now.on;
        }
      }
      if (!(now.rating || now.uncapped_rating || now.basis || now.below || Object.keys(now.pillars ?? {}).length)) now.basis = covered;
      if (says.length) found.push({ id, says: says.join("; "), stated: { ...vector.stated, expect: now } });
    }
    return found;
  }

  // Numbers as in the report: whole, and never on the wrong side of a band's edge.

  function whole(number) {
    number = Math.round(number * 1e7) / 1e7;
    const nearest = Math.floor(number + 0.5);
    let floor = -Infinity, ceiling = Infinity;
    for (const { at_least: edge } of bands) {
      if (edge <= number) floor = Math.max(floor, edge);
      else ceiling = Math.min(ceiling, edge);
    }
    if (nearest >= ceiling && Math.ceil(ceiling) - 1 >= floor) return Math.ceil(ceiling) - 1;
    if (nearest < floor && Math.ceil(floor) < ceiling) return Math.ceil(floor);
    return nearest;
  }
  const range = (low, high) => `${whole(low)}–${whole(high)}`;
  const percent = (share) => (share > 0 && share < 0.005 ? "under 1 %" : `${Math.floor(Math.round(share * 1e9) / 1e7 + 0.5)} %`);
  const named = (code) => (code < 0 ? "insufficient basis" : labels[code]);
  const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const plain = (number) => String(Number(number.toPrecision(6)));
  const size = (change) => (Math.abs(change) < 0.5 ? "under 1 point" : plural(Math.floor(Math.abs(change) + 0.5), "point"));
  function points(change) {
    return Math.abs(change) < 1e-6 ? "" : `${change > 0 ? "▲ up" : "▼ down"} ${size(change)}`;
  }

  // The page. Every node is found once; a redraw only changes texts and attributes that differ.

  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
  const rows = cases.map((_, index) => {
    const row = document.querySelector(`tr[data-case="${index}"]`);
    const find = (selector) => row.querySelector(selector);
    return {
      score: find(".score"), rating: find(".rating"), rank: find(".place"), open: find(".open"), change: find("td.change"),
      range: find("path.range"), was: find(".was"), now: find(".now"),
    };
  });
  const parts = pillars.map((_, node) => document.querySelector(`tr[data-pillar="${node}"]`).cells);
  const sliders = [...document.querySelectorAll(".slider")].map((node) => ({
    node, kind: node.dataset.kind, index: Number(node.dataset.index), share: node.querySelector(".share"),
    range: node.querySelector('input[type="range"]'), number: node.querySelector('input[type="number"]'),
  }));
  const parent = { criterion: [], pillar: [] };
  for (const branch of branches) {
    for (const c of branch.leaves) parent.criterion[c] = branch;
    for (const node of branch.inner) parent.pillar[node] = branch;
  }
  const type = () => Number(at("type").value);
  const selected = () => Number(at("case").value);
  const column = (slider, of) => (slider.kind === "criterion" ? of.criteria : of.pillars[type()]);
  const sum = (branch, of, kind) => branch.leaves.reduce((total, c) => total + of.criteria[c], 0)
    + branch.inner.reduce((total, node) => total + of.pillars[kind][node], 0);

  function showSliders() {
    for (const slider of sliders) {
      const weight = column(slider, weights)[slider.index];
      if (document.activeElement !== slider.number || Number(slider.number.value) !== weight) slider.number.value = plain(weight);
      slider.number.setCustomValidity("");
      if (document.activeElement !== slider.range || Math.round(weight) !== Number(slider.range.value)) slider.range.value = weight;
      const total = sum(parent[slider.kind][slider.index], weights, type());
      const share = total > 0 ? percent(weight / total) : "none";
      put(slider.share, share);
      set(slider.range, "aria-valuetext", `${plain(weight)} points, ${share}`);
      slider.node.classList.toggle("moved", weight !== column(slider, declared)[slider.index]);
    }
    const found = data.presets.findIndex((preset) => equal(preset, weights));
    at("preset").value = found < 0 ? "" : String(found);
  }

  function movement(index) {
    const now = results[index], was = baseline[index], said = [];
    if (Number.isNaN(now.score) !== Number.isNaN(was.score)) said.push(Number.isNaN(was.score) ? "had no score" : `was ${whole(was.score)}`);
    else if (!Number.isNaN(now.score)) said.push(points(now.score - was.score));
    if (now.code !== was.code) said.push(`was ${named(was.code)}`);
    if (now.rank && was.rank && now.rank !== was.rank) said.push(`rank ${now.rank < was.rank ? "▲ up" : "▼ down"} ${Math.abs(now.rank - was.rank)}`);
    return said.filter(Boolean).join("; ") || "no change";
  }

  function showCases() {
    results.forEach((now, index) => {
      const row = rows[index], none = Number.isNaN(now.score), was = baseline[index].score;
      set(row.score, "value", none ? "" : String(now.score));
      put(row.score, none ? "no score" : `${whole(now.score)} (${range(now.low, now.high)})`);
      put(row.rating, named(now.code) + (now.basis === "provisional" && now.code >= 0 ? ", provisional" : ""));
      row.rating.classList.toggle("capped", now.code !== now.uncapped);
      put(row.rank, now.rank ? `${now.rank} of ${now.of}` : "–");
      row.open.hidden = now.settled;
      put(row.change, movement(index));
      set(row.now, "cx", none ? "-9" : (2 * now.score).toFixed(2));
      set(row.was, "cx", Number.isNaN(was) ? "-9" : (2 * was).toFixed(2));
      set(row.range, "d", none ? "" : `M${(2 * now.low).toFixed(2)} 11H${(2 * now.high).toFixed(2)}`);
    });
  }

  function showDetail() {
    const index = selected(), entry = cases[index], now = results[index];
    pillars.forEach((pillar, node) => {
      const [, share, shown, rating] = parts[node], value = entry.score[node], code = band(value);
      put(share, now.share.inner[node] > 0 ? percent(now.share.inner[node]) : "n/a");
      put(shown, Number.isNaN(value) ? "no score" : pillar.risk ? `risk ${100 - whole(value)}, score ${whole(value)}` : String(whole(value)));
      const after = capped(entry, node, code);
      put(rating, code < 0 ? "insufficient basis" : named(after) + (after !== code ? " (capped)" : ""));
    });
    showTornado(entry, now);
    const direction = points(now.score - baseline[index].score);
    put(at("live"), Number.isNaN(now.score) ? `${entry.title}: no score` : `${entry.title}: ${whole(now.score)}, ${named(now.code)}${direction ? ` ${direction}` : ""}`);
  }

  function showLines() {
    const lines = cases[selected()].red_lines.map((line) => {
      const item = document.createElement("li");
      item.className = line.status;
      item.textContent = line.status === "tripped" ? `${line.title}: tripped; ${line.effect}` : `${line.title}: ${line.status}; it does not cap`;
      return item;
    });
    const none = document.createElement("li");
    none.textContent = "none";
    at("lines").replaceChildren(...(lines.length ? lines : [none]));
  }

  /** The overall score at both ends of every reading that counts, one at a time, widest first. */
  function tornado(entry, now) {
    if (Number.isNaN(now.score)) return [];
    const found = [];
    entry.inputs.forEach((input, index) => {
      if (!(now.share.leaf[input.criterion] > 0) || entry.thin[input.criterion]) return;
      const ends = ["low", "high"].map((end) => {
        climb(entry, now.share, reduce(entry, (other, place) => (place === index ? input[end] : other.value), values), scratch, scratchCoverage);
        return scratch[root];
      });
      found.push({ input, low: ends[0], high: ends[1] });
    });
    return found.sort((a, b) => (b.high - b.low) - (a.high - a.low));
  }

  const SHOWN = 10;
  const bars = Array.from({ length: SHOWN }, () => {
    const row = at("tornado").insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    bar.setAttribute("viewBox", "0 0 200 22");
    bar.setAttribute("preserveAspectRatio", "none");
    bar.setAttribute("aria-hidden", "true");
    const [low, high, centre] = ["rect", "rect", "path"].map((tag) => bar.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag)));
    low.setAttribute("class", "side");
    high.setAttribute("class", "side high");
    centre.setAttribute("class", "centre");
    for (const side of [low, high]) { side.setAttribute("y", "5"); side.setAttribute("height", "12"); }
    const cell = document.createElement("td"), number = document.createElement("td");
    cell.className = "strip";
    number.className = "number";
    cell.append(bar);
    row.append(head, cell, number);
    return { row, head, low, high, centre, number };
  });

  function showTornado(entry, now) {
    const found = tornado(entry, now), rest = found[SHOWN];
    put(at("tornado-caption"), found.length
      ? `Overall score of ${entry.title} with one reading at its low end (bar left of the line) or high end (right of it) and all else as it is: ${Math.min(SHOWN, found.length)} of ${plural(found.length, "reading")}, the widest first`
        + (rest ? `; the ends of every other one lie ${size(rest.high - rest.low)} apart or less.` : ".")
      : `${entry.title} has no overall score under these weights, so no reading can move it.`);
    const from = Math.floor(Math.min(now.score, ...found.map((bar) => bar.low))), to = Math.ceil(Math.max(now.score, ...found.map((bar) => bar.high)));
    const x = (value) => (200 * (value - from)) / Math.max(to - from, 1);
    put(at("tornado-from"), found.length ? String(from) : "");
    put(at("tornado-to"), found.length ? String(to) : "");
    bars.forEach((bar, place) => {
      const entryOf = found[place];
      bar.row.hidden = !entryOf;
      if (!entryOf) return;
      const { input, low, high } = entryOf;
      put(bar.head, criteria[input.criterion].title + (input.party ? ` (${input.party})` : ""));
      put(bar.number, range(low, high));
      set(bar.row, "data-ends", `${low} ${high}`);
      set(bar.low, "x", x(low).toFixed(2));
      set(bar.low, "width", (x(now.score) - x(low)).toFixed(2));
      set(bar.high, "x", x(now.score).toFixed(2));
      set(bar.high, "width", (x(high) - x(now.score)).toFixed(2));
      set(bar.centre, "d", `M${x(now.score).toFixed(2)} 0V22`);
    });
  }

  let otherwise = [], listed = "";
  function showVectors() {
    otherwise = broken();
    const lines = otherwise.map(({ id, says }) => `${id}: ${says}`), text = lines.join("\n");
    if (text === listed) return;
    listed = text;
    at("restate").checked = false;
    at("vectors").hidden = !lines.length;
    put(at("vectors-title"), `${plural(lines.length, "test vector")} of ${data.rubric.id} would come out otherwise, and assess check would refuse the new version:`);
    at("vector-list").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }

  let spoken = 0, kept = 0;
  function settle() {
    clearTimeout(spoken);
    spoken = setTimeout(() => {
      const index = selected(), changed = results.filter((now, place) => now.code !== baseline[place].code).length;
      put(at("summary"), `${cases[index].title}: ${rows[index].score.textContent}, ${rows[index].rating.textContent}; ${movement(index)}. ${plural(changed, "rating")} of ${cases.length} differ from the declared weights.`);
    }, 600);
    clearTimeout(kept);
    kept = setTimeout(() => history.replaceState(null, "", address()), 300);
  }

  function draw() {
    asked = 0;
    results = score(weights);
    showSliders();
    showCases();
    showDetail();
    showVectors();
    const moved = !equal(weights, declared);
    put(at("results-title"), moved ? "Scores under these weights" : "Scores under the declared weights");
    const reason = refusal();
    set(at("download"), "aria-disabled", String(Boolean(reason)));
    put(at("said"), reason);
  }
  let asked = 0;
  function redraw() {
    if (!asked) asked = requestAnimationFrame(draw);
    settle();
  }

  // The address: the rubric's id and hash, what is chosen, and the weights that were moved.

  const key = { criterion: (c) => criteria[c].id, pillar: (node, kind) => `${types[kind]}.${pillars[node].id}` };
  function moved() {
    const found = [];
    weights.criteria.forEach((weight, c) => { if (weight !== declared.criteria[c]) found.push([key.criterion(c), weight]); });
    weights.pillars.forEach((list, kind) => list.forEach((weight, node) => {
      if (weight !== declared.pillars[kind][node]) found.push([key.pillar(node, kind), weight]);
    }));
    return found;
  }
  function address() {
    const state = new URLSearchParams({ rubric: data.rubric.id, hash: data.rubric.short, type: types[type()], case: cases[selected()].id });
    for (const [name, weight] of moved()) state.append(`w.${name}`, String(weight));
    return `#${state}`;
  }
  function refuse(message) {
    at("refused").textContent = `${message} Nothing of the address was taken over; the page shows the declared weights.`;
    at("refused").hidden = false;
  }
  function read() {
    at("refused").hidden = true;
    weights = copy(declared);
    if (!location.hash.includes("=")) return;
    const state = new URLSearchParams(location.hash.slice(1)), found = copy(declared);
    const wanted = `${state.get("rubric")}, hash ${state.get("hash")}`, own = `${data.rubric.id}, hash ${data.rubric.short}`;
    if (wanted !== own) return refuse(`The address holds weights for another rubric (${wanted}); this page is for ${own}.`);
    const kind = state.has("type") ? types.indexOf(state.get("type")) : type();
    const chosen = state.has("case") ? cases.findIndex((entry) => entry.id === state.get("case")) : selected();
    if (kind < 0) return refuse(`The address names an unknown type (${state.get("type")}).`);
    const unknown = [];
    for (const [name, text] of state) {
      if (!name.startsWith("w.")) {
        if (!["rubric", "hash", "type", "case"].includes(name)) unknown.push(name);
        continue;
      }
      const weight = text.trim() === "" ? NaN : Number(text), [first, second] = name.slice(2).split(".");
      const place = second === undefined ? criteria.findIndex((c) => c.id === first) : pillars.findIndex((one) => one.id === second);
      const list = second === undefined ? found.criteria : found.pillars[types.indexOf(first)];
      if (!list || place < 0 || !(weight >= 0 && weight < Infinity)) unknown.push(`${name}=${text}`);
      else list[place] = weight;
    }
    if (unknown.length) return refuse(`The address holds what this page does not know: ${unknown.join(", ")}.`);
    weights = found;
    at("type").value = String(kind);
    if (chosen >= 0) at("case").value = String(chosen);
  }

  // The new version of the rubric, as tuning/version.py writes it.

  const SLUG = /^[a-z0-9][a-z0-9_-]*$/;
  function refusal() {
    const empty = [];
    for (const branch of branches) {
      const dead = types.some((_, kind) => !(sum(branch, weights, kind) > 0));
      if (dead) empty.push(branch.id === "overall" ? "the pillars" : pillars[branch.node].title);
    }
    if (empty.length) return `No download: all weights are zero in ${empty.join(", ")}; give one a positive weight.`;
    if (equal(weights, declared)) return "Nothing to download: the weights are the declared ones.";
    if (!SLUG.test(at("new-id").value)) return "No download: the id needs small letters, digits, - and _, beginning with a letter or digit.";
    if (at("new-id").value === data.rubric.id) return `No download: the id must differ from ${data.rubric.id}, the parent’s.`;
    if (!at("new-title").value.trim()) return "No download: the new version needs a title.";
    if (otherwise.length && !at("restate").checked) return `No download yet: ${plural(otherwise.length, "test vector")} would come out otherwise; choose other weights, or agree to restate them.`;
    return "";
  }

  function yaml() {
    const text = JSON.stringify, lines = [], value = (id) => at(id).value.trim();
    const map = (entries) => `{${entries.map(([name, weight]) => `${name}: ${weight}`).join(", ")}}`;
    const kinds = types.map((_, kind) => kind).filter((kind) => !same(weights.pillars[kind], declared.pillars[kind]));
    const inner = (node) => pillars[node].id;
    lines.push("schema: assess/rubric@1", `id: ${text(value("new-id"))}`, `title: ${text(value("new-title"))}`, "version: 1.0.0");
    const hash = data.rubric.sha256 ? `, sha256: ${text(data.rubric.sha256)}` : "";
    lines.push(`extends: {rubric: ${text(data.rubric.reference)}, version: ${data.rubric.version}${hash}}`);
    const own = criteria.map((c, place) => [c.id, weights.criteria[place], declared.criteria[place]]).filter(([, now, was]) => now !== was);
    if (own.length) lines.push("weights:", ...own.map(([name, weight]) => `  ${name}: ${weight}`));
    if (kinds.length) {
      lines.push("profiles:");
      for (const kind of kinds) lines.push(`  ${types[kind]}:`, `    pillars: ${map(weights.pillars[kind].map((weight, node) => [inner(node), weight]))}`);
    }
    if (otherwise.length) lines.push("test_vectors:", ...otherwise.map(({ stated }) => `  - ${text(stated)}`));
    lines.push("weighting:", "  method: page");
    if (value("new-by")) lines.push(`  by: ${text(value("new-by"))}`);
    if (value("new-on")) lines.push(`  on: ${text(value("new-on"))}`);
    const nodes = [], apart = [];
    for (const branch of branches) {
      const affected = branch.inner.length && kinds.length ? kinds : [type()];
      const tables = affected.map((kind) => {
        const total = sum(branch, weights, kind);
        return [...branch.leaves.map((c) => [criteria[c].id, weights.criteria[c] / total]), ...branch.inner.map((node) => [inner(node), weights.pillars[kind][node] / total])];
      });
      const touched = branch.leaves.some((c) => weights.criteria[c] !== declared.criteria[c])
        || branch.inner.some((node) => kinds.some((kind) => weights.pillars[kind][node] !== declared.pillars[kind][node]));
      if (!touched) continue;
      if (tables.every((table) => table.every(([, share], place) => Math.abs(share - tables[0][place][1]) < 1e-12))) nodes.push(`    - {node: ${branch.id}, method: page, weights: ${map(tables[0])}}`);
      else apart.push(branch.id);
    }
    const note = [value("new-note"), apart.length ? `Weights of pillars were set apart by type (see profiles): ${apart.join(", ")}.` : "",
      otherwise.length ? `Test vectors of the parent restated, because these weights change how they come out: ${otherwise.map(({ id, says }) => `${id} (${says})`).join(", ")}.` : ""].filter(Boolean).join(" ");
    if (note) lines.push(`  note: ${text(note)}`);
    if (nodes.length) lines.push("  nodes:", ...nodes);
    return `${lines.join("\n")}\n`;
  }

  // What the reader does.

  for (const slider of sliders) {
    const take = (input) => {
      const weight = input.value.trim() === "" ? NaN : Number(input.value);
      if (!(weight >= 0 && weight < Infinity)) {
        input.setCustomValidity("a weight is a number of 0 or more");
        return;
      }
      column(slider, weights)[slider.index] = weight;
      redraw();
    };
    slider.range.addEventListener("input", () => take(slider.range));
    slider.number.addEventListener("input", () => take(slider.number));
    slider.number.addEventListener("change", () => { if (!slider.number.validity.valid) showSliders(); });
  }
  at("preset").addEventListener("change", () => {
    const chosen = at("preset").value;
    if (chosen.startsWith("type-")) weights.pillars[type()] = [...declared.pillars[Number(chosen.slice(5))]];
    else weights = copy(data.presets[Number(chosen)]);
    redraw();
  });
  at("type").addEventListener("change", redraw);
  at("case").addEventListener("change", () => { showLines(); redraw(); });
  at("reset").addEventListener("click", () => { weights = copy(declared); at("refused").hidden = true; redraw(); });
  for (const id of ["new-id", "new-title"]) at(id).addEventListener("input", redraw);
  at("restate").addEventListener("change", redraw);
  at("download").addEventListener("click", () => {
    if (refusal()) return put(at("said"), refusal());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([yaml()], { type: "application/yaml" }));
    link.download = `${at("new-id").value}.yaml`;
    link.click();
    URL.revokeObjectURL(link.href);
    put(at("said"), `${link.download} was made. Run: assess check ${link.download}`);
  });
  at("copy").addEventListener("click", () => {
    history.replaceState(null, "", address());
    const done = () => put(at("said"), "The address was copied."), not = () => put(at("said"), "The address is in the address bar; copy it from there.");
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, not);
    else not();
  });
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { read(); showLines(); draw(); } });

  at("type").value = String(cases[0].type);
  at("needs").hidden = true;
  for (const id of ["controls", "detail", "keep", "live"]) at(id).hidden = false;
  read();
  showLines();
  draw();
})();
