// The list of modules with one's own progress. Plain ESM; texts go in through textContent.

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const say = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Voilà renders a notebook under its own address; JupyterLab opens it as a file.
function address(name) {
  const base = document.body.dataset.baseUrl;
  return document.body.dataset.voila ? `${base}render/notebooks/${name}.ipynb` : `/lab/tree/notebooks/${name}.ipynb`;
}

function render({ model, el: host }) {
  const words = model.get("words");
  const counts = {};
  const list = el("ol", { class: "rx-modules" });
  for (const module of model.get("modules")) {
    counts[module.name] = el("span", { class: "rx-soft" });
    const title = module.built ? el("a", { href: address(module.name) }, module.title) : el("span", {}, module.title);
    list.append(el("li", { class: module.built ? null : "rx-later" },
      el("span", { class: "rx-no", "aria-hidden": "true" }, module.number),
      el("div", {}, title, el("span", { class: "rx-can" }, module.can)),
      module.built ? counts[module.name] : el("span", { class: "rx-soft" }, words.not_yet)));
  }
  const kept = el("p", { class: "rx-soft" });
  const erase = el("button", { type: "button", class: "rx-ghost" }, words.erase);
  const said = el("p", { role: "status", "aria-live": "polite" });
  let sure = false;
  erase.addEventListener("click", () => {
    if (sure) model.send({ type: "forget" });
    else said.textContent = words.erase_sure;
    sure = !sure;
  });
  const card = el("section", { class: "rx-card", "aria-label": words.title }, list, kept,
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
  const theme = () => card.classList.toggle("rx-dark", document.body.dataset.jpThemeLight === "false");
  const watch = new MutationObserver(theme);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  theme();
  model.on("change:view", draw);
  draw();
  model.send({ type: "hello" });
  return () => { watch.disconnect(); model.off("change:view", draw); };
}

export default { render };
