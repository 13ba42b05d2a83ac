/**
 * The script of the HTML report: draws the messages of the run as a sequence diagram, one row a message
 * and one lifeline a user, and shows the message that is chosen. Draws only the rows in view, so that
 * thousands cost no more than a screenful. `html.ts` puts it into the document as it stands here.
 */
"use strict";

(() => {
  const root = document.getElementById("sequence");
  const source = document.getElementById("sequence-data");
  if (root === null || source === null) return;

  const { users, types, texts, messages } = JSON.parse(source.textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const [SENT, RECEIVED, NOTE] = [0, 1, 2];
  const SIZES = [0.7, 0.85, 1, 1.25, 1.6, 2];
  const view = root.querySelector(".view");
  const space = root.querySelector(".space");
  const svg = root.querySelector(".view svg");
  const panel = root.querySelector("[data-message]");
  const hidden = { users: new Set(), types: new Set() };
  let size = 2;
  let shown = [];
  let columns = [];
  let chosen = -1;
  let isDrawing = false;

  const scale = () => SIZES[size];
  const rowHeight = () => 24 * scale();
  const headHeight = () => 28 * scale();
  const serverX = () => 120 * scale();
  const xOf = (column) => serverX() + 130 * scale() * (column + 1);

  const yOf = (row) => headHeight() + rowHeight() * (row + 0.8) - view.scrollTop;

  function filter() {
    const kept = shown[chosen];
    shown = messages.filter(([, user, , type]) =>
      !hidden.users.has(user) && !hidden.types.has(type)
    );
    const seen = new Set(shown.map(([, user]) => user));
    columns = users.map((_, user) => user).filter((user) => seen.has(user));
    chosen = shown.indexOf(kept);
    for (const [name, all] of [["users", users], ["types", types]]) {
      const count = all.length - hidden[name].size;
      root.querySelector(`[data-count=${name}]`).textContent = count === all.length
        ? "all"
        : `${count} of ${all.length}`;
    }
    root.querySelector("[data-shown]").textContent = `${inWords(shown.length)} of ${
      inWords(messages.length)
    } shown`;
    resize();
  }

  function resize() {
    space.style.width = `${xOf(columns.length) - 60 * scale()}px`;
    space.style.height = `${headHeight() + rowHeight() * (shown.length + 1)}px`;
    drawSoon();
  }

  function drawSoon() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      draw();
    });
  }

  function draw() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = view;
    svg.setAttribute("width", clientWidth);
    svg.setAttribute("height", clientHeight);
    svg.setAttribute("font-size", 12 * scale());
    const parts = [];
    const lines = [serverX(), ...columns.map((_, column) => xOf(column))];
    for (const x of lines) {
      const at = x - scrollLeft;
      parts.push(element("line", { class: "life", x1: at, x2: at, y1: 0, y2: clientHeight }));
    }
    const first = Math.max(0, Math.floor(scrollTop / rowHeight()) - 1);
    const last = Math.min(shown.length, Math.ceil((scrollTop + clientHeight) / rowHeight()));
    const columnOf = new Map(columns.map((user, column) => [user, column]));
    for (let row = first; row < last; row++) {
      parts.push(...drawRow(row, xOf(columnOf.get(shown[row][1])) - scrollLeft));
    }
    const gutter = { class: "gutter", x: 0, y: 0, width: 68 * scale(), height: clientHeight };
    parts.push(element("rect", gutter));
    for (let row = first; row < last; row++) parts.push(drawTime(row));
    const head = { class: "headground", x: 0, y: 0, width: clientWidth, height: headHeight() };
    parts.push(element("rect", head));
    lines.forEach((x, index) => {
      const name = index === 0 ? "server" : users[columns[index - 1]];
      const label = element("text", { class: "head", x: x - scrollLeft, y: headHeight() * 0.65 });
      label.textContent = name.length > 16 ? `${name.slice(0, 15)}…` : name;
      parts.push(label);
    });
    svg.replaceChildren(...parts);
  }

  function drawRow(row, end) {
    const [, , direction, type, text] = shown[row];
    const { scrollLeft, clientWidth } = view;
    const y = yOf(row);
    const server = serverX() - scrollLeft;
    const parts = [];
    const isSame = row === chosen ||
      chosen >= 0 && direction !== NOTE && shown[chosen][4] === text;
    if (isSame) {
      const top = y - rowHeight() * 0.75;
      const kind = row === chosen ? "chosen" : "same";
      const box = { class: kind, x: 0, y: top, width: clientWidth, height: rowHeight() };
      parts.push(element("rect", box));
    }
    const label = element("text", { x: end - 8, y: y - 4 * scale() });
    label.textContent = direction === NOTE ? texts[text] : types[type];
    parts.push(label);
    if (direction === NOTE) return parts;
    const kind = direction === SENT ? "sent" : "received";
    const tip = direction === SENT ? server : end;
    const back = tip + (direction === SENT ? 7 : -7);
    parts.push(element("line", { class: kind, x1: server, x2: end, y1: y, y2: y }));
    const points = `${tip},${y} ${back},${y - 4} ${back},${y + 4}`;
    parts.push(element("polygon", { class: kind, points }));
    return parts;
  }

  function drawTime(row) {
    const time = element("text", { class: "time", x: 4, y: yOf(row) - 4 * scale() });
    time.textContent = shownTime(shown[row][0]);
    return time;
  }

  function choose(row) {
    if (shown.length === 0) return;
    chosen = Math.min(shown.length - 1, Math.max(0, row));
    const [at, user, direction, type, text] = shown[chosen];
    const title = document.createElement("h3");
    const way = { [SENT]: "sent", [RECEIVED]: "received", [NOTE]: "" }[direction];
    title.textContent = [users[user], way, types[type]].filter((word) => word !== "").join(" ");
    const when = document.createElement("p");
    when.textContent = `${shownTime(at)} after the start, ${chosen + 1} of ${shown.length}`;
    const code = document.createElement("pre");
    code.tabIndex = 0;
    code.textContent = indented(texts[text]);
    panel.replaceChildren(title, when, code);
    const top = rowHeight() * chosen;
    const bottom = top + rowHeight() * 2 + headHeight();
    if (top < view.scrollTop) view.scrollTop = top;
    else if (bottom > view.scrollTop + view.clientHeight) {
      view.scrollTop = bottom - view.clientHeight;
    }
    const x = xOf(columns.indexOf(user));
    if (x - 120 * scale() < view.scrollLeft) view.scrollLeft = x - 130 * scale();
    else if (x + 20 > view.scrollLeft + view.clientWidth) {
      view.scrollLeft = x + 20 - view.clientWidth;
    }
    drawSoon();
  }

  function zoom(step) {
    const top = view.scrollTop / rowHeight();
    size = Math.min(SIZES.length - 1, Math.max(0, size + step));
    resize();
    view.scrollTop = top * rowHeight();
  }

  function addChoices(name, all, index) {
    const fieldset = root.querySelector(`[data-filter=${name}]`);
    const counts = all.map(() => 0);
    for (const message of messages) counts[message[index]]++;
    const boxes = all.map((text, number) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => {
        if (box.checked) hidden[name].delete(number);
        else hidden[name].add(number);
        filter();
      });
      label.append(box, `${text} (${inWords(counts[number])})`);
      return { label, box };
    });
    fieldset.append(
      ...["All", "None"].map((word) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = word;
        button.addEventListener("click", () => {
          hidden[name].clear();
          if (word === "None") all.forEach((_, number) => hidden[name].add(number));
          for (const { box } of boxes) box.checked = word === "All";
          filter();
        });
        return button;
      }),
      ...boxes.map(({ label }) => label),
    );
  }

  function addDragging() {
    let from;
    let hasMoved = false;
    view.addEventListener("pointerdown", (event) => {
      hasMoved = false;
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
    });
    view.addEventListener("pointermove", (event) => {
      if (from === undefined) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.abs(dx) + Math.abs(dy) > 4) hasMoved = true;
      if (hasMoved) view.scrollTo(from.left - dx, from.top - dy);
    });
    addEventListener("pointerup", () => from = undefined);
    view.addEventListener("click", (event) => {
      if (hasMoved) return;
      const y = event.clientY - view.getBoundingClientRect().top;
      if (y > headHeight()) choose(Math.floor((y - headHeight() + view.scrollTop) / rowHeight()));
    });
  }

  function element(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function inWords(count) {
    return count.toLocaleString("en");
  }

  function shownTime(ms) {
    return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(3)} s`;
  }

  function indented(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text; // It was cut, or is no JSON: shown as it is.
    }
  }

  const KEYS = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Home: () => choose(0),
    End: () => choose(shown.length - 1),
    "+": () => zoom(1),
    "-": () => zoom(-1),
  };
  view.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  view.addEventListener("scroll", drawSoon);
  for (const button of root.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(button.dataset.zoom === "in" ? 1 : -1));
  }
  for (const button of root.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => choose(chosen + Number(button.dataset.go)));
  }
  addChoices("users", users, 1);
  addChoices("types", types, 3);
  addDragging();
  document.documentElement.classList.add("live");
  new ResizeObserver(drawSoon).observe(view);
  filter();
})();
