// The list of modules with one's own progress. Plain ESM, behind exercise/dom.js.

// Voilà renders a notebook under its own address; JupyterLab opens it as a file.
function address(notebook) {
  return document.body.dataset.voila ? `${document.body.dataset.baseUrl}render/${notebook}` : `/lab/tree/${notebook}`;
}

function render({ model, el: host }) {
  const words = model.get("words");
  const counts = {};
  const list = el("ol", { class: "rx-modules" }), later = el("ol", { class: "rx-modules" });
  for (const module of model.get("modules")) {
    counts[module.name] = el("span", { class: "rx-soft" });
    const title = module.built ? el("a", { href: address(module.notebook) }, module.title) : el("span", {}, module.title);
    (module.built ? list : later).append(el("li", { class: module.built ? null : "rx-later" },
      el("span", { class: "rx-no", "aria-hidden": "true" }, module.number),
      el("div", {}, title, el("span", { class: "rx-can" }, module.can)),
      counts[module.name]));
  }
  const rest = later.childElementCount
    ? el("details", {}, el("summary", {}, say(words.later, { count: later.childElementCount })), later) : null;
  const kept = el("p", { class: "rx-soft" });
  const erase = el("button", { type: "button", class: "rx-ghost" }, words.erase);
  const said = el("p", { role: "status", "aria-live": "polite" });
  let sure = false;
  erase.addEventListener("click", () => {
    if (sure) model.send({ type: "forget" });
    else said.textContent = words.erase_sure;
    sure = !sure;
  });
  const card = el("section", { class: "rx-card", "aria-label": words.title }, list, rest, kept,
    el("div", { class: "rx-row" }, erase), said);
  host.append(card);

  function draw() {
    const view = model.get("view");
    if (!view.known) return;
    for (const [name, node] of Object.entries(counts)) {
      const [done, all] = view.done[name] ?? [0, 0];
      node.textContent = all ? say(words.modules, { done, all }) : "";
    }
    kept.replaceChildren(view.answers ? words.kept_at : words.nothing, el("br"), el("code", {}, view.path));
    erase.hidden = !view.answers && !view.erased;
    said.textContent = view.error || (view.erased ? words.erased : "");
  }
  const leave = followTheme(card);
  model.on("change:view", draw);
  draw();
  model.send({ type: "hello" });
  return () => { leave(); model.off("change:view", draw); };
}

export default { render };
