// Xunwen: what makes the pages better where scripts run. Everything works without this file.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

// -- Keyboard: the list of keys is in the page's dialog ----------------------------------------------------------------

const keys = $("#keys");
let current = $$("[data-hit]").indexOf($("[data-hit]", document.getElementById(location.hash.slice(1)) ?? keys));

function select(index) {
  const hits = $$("[data-hit]");
  // An article that was opened from results has neighbours instead.
  if (!hits.length) { $(`.back [rel~=${index > current ? "next" : "prev"}]`)?.click(); return; }
  current = Math.max(0, Math.min(index, hits.length - 1));
  hits.forEach((hit, i) => hit.toggleAttribute("data-current", i === current));
  $("a", hits[current]).focus();
  hits[current].scrollIntoView({ block: "nearest" });
}

const press = (kind) => $(`.mark[value=${kind}]`, $("[data-hit]") ? $("[data-current]") ?? keys : document)?.click();

const matches = $$(".story h1 mark, .body mark");
let match = -1;

function step(by) {
  if (!matches.length) return;
  matches[match]?.removeAttribute("data-current");
  match = (match + by + matches.length + (match < 0 && by < 0)) % matches.length;
  matches[match].setAttribute("data-current", "");
  matches[match].scrollIntoView({ block: "center" });
  $(".matches output").textContent = `${match + 1} / ${matches.length}`;
}

const actions = {
  "/": () => { const box = $("#q, main input[type=search]"); box?.focus(); box?.select(); },
  j: () => select(current + 1),
  k: () => select(current - 1),
  o: () => $("[data-current] a")?.click(),
  n: () => step(1),
  p: () => step(-1),
  s: () => press("starred"),
  l: () => press("later"),
  h: () => press("hidden"),
  w: () => $("[data-watch]")?.click(),
  "?": () => keys.showModal(),
};

let going = 0;  // until when a letter behind g is the page to go to

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || keys.open) return;
  const goes = event.timeStamp < going, page = goes && $(`[data-go=${CSS.escape(event.key)}]`);
  going = !goes && event.key === "g" ? event.timeStamp + 2000 : 0;
  const action = goes ? page && (() => page.click()) : actions[event.key];
  if (action) { event.preventDefault(); action(); }
});

if (matches.length) {
  $(".matches").hidden = false;
  $(".matches output").textContent = matches.length;
  for (const button of $$(".matches button")) button.addEventListener("click", () => step(Number(button.value)));
}

for (const button of $$("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", actions["?"]);
}

// -- Empty fields stay out of the address -----------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
});
addEventListener("pageshow", () => $$("input:disabled").forEach((field) => { field.disabled = false; }));

// -- Completion: the listbox pattern of the ARIA Authoring Practices ---------------------------------------------------

const form = $("[data-suggest]");
if (form) {
  const input = $("input[type=search]", form);
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", $("label", form).textContent);
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);

  let typed = "", active = -1, timer, request;

  const cancel = () => { clearTimeout(timer); request?.abort(); };

  const close = () => {
    cancel();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const show = (suggestions) => {
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...suggestions.map(({ text, count }, i) => {
      const option = document.createElement("li");
      option.id = `suggestion-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const label = document.createElement("span");
      label.textContent = text;
      label.lang = "zh";
      const number = document.createElement("span");
      number.className = "count";
      number.textContent = count.toLocaleString();
      option.append(label, number);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); input.value = text; close(); form.requestSubmit(); });
      return option;
    }));
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  const move = (step) => {
    cancel();  // an answer that comes now would take away what was chosen
    const options = [...list.children];
    // One place more than options: the box itself, with what was typed.
    active = (active + 1 + step + options.length + 1) % (options.length + 1) - 1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[active].id);
    input.value = active < 0 ? typed : options[active].firstChild.textContent;
  };

  const ask = async () => {
    request?.abort();
    request = new AbortController();
    try {
      const response = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: typed })}`, { signal: request.signal });
      if (response.ok) show((await response.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", (event) => {
    typed = input.value;
    clearTimeout(timer);
    if (typed.trim() && !event.isComposing) timer = setTimeout(ask, 120);
    else close();
  });
  input.addEventListener("compositionend", () => { typed = input.value; timer = setTimeout(ask, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); input.value = typed; close(); }
    if (list.hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  });
}

// -- Marks are made without leaving the page ---------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (target.id !== "mark" || !submitter?.classList.contains("mark")) return;
  event.preventDefault();
  const adds = submitter.name === "add";
  const body = new URLSearchParams(new FormData(target, submitter));
  const response = await fetch(submitter.formAction, { method: "post", body, headers: { Accept: "application/json" } }).catch(() => null);
  // Whatever went wrong, the page tells it better.
  if (!response?.ok) { submitter.className = ""; target.requestSubmit(submitter); return; }
  submitter.name = adds ? "drop" : "add";
  submitter.setAttribute("aria-pressed", String(adds));
});

// -- Copy a citation ----------------------------------------------------------------------------------------------------

for (const button of navigator.clipboard ? $$("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText($(`#${button.dataset.copy}`).textContent);
    button.textContent = button.dataset.copied;
  });
}

// -- Charts: drag over a period to narrow the dates to it ---------------------------------------------------------------

for (const svg of $$("[data-chart] figure > svg")) {
  const slots = $$("[data-first]", svg);
  const selection = $(".selection", svg);
  let start = -1, end = -1, dragged = false;

  const slotAt = (event) => {
    const x = event.clientX - svg.getBoundingClientRect().left;
    const edges = slots.map((slot) => $(".slot", slot).x.baseVal.value);
    const after = edges.findIndex((edge) => edge > x);
    return Math.max(0, (after < 0 ? edges.length : after) - 1);
  };
  const paint = () => {
    const [from, to] = [Math.min(start, end), Math.max(start, end)].map((i) => $(".slot", slots[i]));
    selection.setAttribute("x", from.x.baseVal.value);
    selection.setAttribute("width", to.x.baseVal.value + to.width.baseVal.value - from.x.baseVal.value);
  };
  const stop = () => { start = -1; selection.setAttribute("width", 0); };
  const crosshair = $(".crosshair", svg), figures = $(".figures", svg.closest("figure"));
  const point = (slot) => {
    const box = slot && $(".slot", slot);
    crosshair.toggleAttribute("data-shown", Boolean(slot));
    if (slot) for (const x of ["x1", "x2"]) crosshair.setAttribute(x, box.x.baseVal.value + box.width.baseVal.value / 2);
    figures.textContent = slot ? $("title", slot).textContent.split("\n").join(" · ") : "";
  };

  svg.addEventListener("pointerdown", (event) => {
    if (event.button || !slots.length) return;
    dragged = false;
    start = end = slotAt(event);
  });
  svg.addEventListener("pointerleave", () => point(null));
  svg.addEventListener("pointermove", (event) => {
    if (slots.length) point(slots[slotAt(event)]);
    if (start < 0) return;
    end = slotAt(event);
    if (end !== start && !dragged) { dragged = true; svg.setPointerCapture(event.pointerId); }
    if (dragged) paint();
  });
  svg.addEventListener("pointerup", () => {
    if (dragged && start >= 0) {
      const address = new URL(location);
      address.searchParams.delete("cursor");
      address.searchParams.delete("by");
      address.searchParams.delete("at");
      address.searchParams.set("from", slots[Math.min(start, end)].dataset.first);
      address.searchParams.set("to", slots[Math.max(start, end)].dataset.last);
      location.assign(address);
    }
    else if (start >= 0) $(`a[data-first="${slots[start].dataset.first}"]`, svg.closest("[data-chart]"))?.click();
    stop();
  });
  svg.addEventListener("pointercancel", stop);
}

// -- Charts as PNG: the SVG file on a canvas of twice its size ------------------------------------------------------------

for (const svg of $$("[data-png]")) {
  const link = document.createElement("a");
  link.href = svg.href;
  link.textContent = "PNG";
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const picture = new Image();
    picture.src = svg.href;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width * 2, picture.height * 2];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const file = document.createElement("a");
    file.download = svg.dataset.png;
    file.href = canvas.toDataURL("image/png");
    file.click();
  });
  svg.after(" ", link);
}

// -- Times in the reader's own zone, beside the archive's ---------------------------------------------------------------

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const time of $$("time[datetime]")) {
  time.title = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" }) + ` (${here})`;
}
