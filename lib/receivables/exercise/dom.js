// What the course's widgets share; put in front of each widget's own file. Texts go in through textContent:
// what people type, and what content files say, is data.

// Each widget is a module of its own, and all stand in one page: ids are counted for the page.
const unique = () => `rx-${(globalThis.rxIds = (globalThis.rxIds ?? 0) + 1)}`;

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value ?? "";
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null));
  return node;
}

const paragraphs = (text) => String(text ?? "").split("\n").filter((t) => t.trim()).map((t) => el("p", {}, t));
const say = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Light or dark as JupyterLab's theme says, also when it changes; returns what stops the watch.
function followTheme(card) {
  const look = () => card.classList.toggle("rx-dark", document.body.dataset.jpThemeLight === "false");
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  look();
  return () => watch.disconnect();
}
