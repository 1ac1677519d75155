// The learner's page: what was written, decided and learnt. Plain ESM, behind exercise/dom.js.

const TYPES = {
  html: "text/html;charset=utf-8",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  jsonl: "application/jsonl;charset=utf-8",
};

function render({ model, el: host }) {
  const words = model.get("words");
  const body = el("div", { "aria-live": "polite" });
  const buttons = el("div", { class: "rx-row" }, Object.keys(TYPES).map((kind) =>
    el("button", { type: "button", class: kind === "html" ? null : "rx-ghost",
                   onclick: () => model.send({ type: kind }) }, words[`as_${kind}`])));
  const card = el("section", { class: "rx-card", "aria-label": words.title }, body, buttons);
  host.append(card);

  function own(title, rows) {
    if (!rows.length) return [];
    return [el("h3", {}, title), ...rows.map(([, ask, text]) =>
      el("div", { class: "rx-own" }, el("p", { class: "rx-soft" }, ask), el("p", { class: "rx-words" }, text)))];
  }

  function draw() {
    const view = model.get("view");
    if (!view.known) return;
    buttons.hidden = Boolean(view.error || view.empty);
    if (view.error || view.empty) {
      body.replaceChildren(el("p", {}, view.error || words.empty));
      return;
    }
    body.replaceChildren(
      ...own(words.lines, view.lines), ...own(words.decisions, view.decisions),
      ...(view.keep.length ? [el("h3", {}, words.keep), el("ul", {}, view.keep.map(([, text]) => el("li", {}, text)))] : []),
      el("h3", {}, words.progress),
      el("ul", { class: "rx-plain" }, view.progress.map(([title, done, all]) => el("li", {}, `${title}：${done} / ${all}`))));
  }

  function save(message, buffers) {
    if (message.type !== "file") return;
    const kind = message.name.split(".").pop();
    const link = el("a", { download: message.name, href: URL.createObjectURL(new Blob(buffers, { type: TYPES[kind] })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const leave = followTheme(card);
  model.on("change:view", draw);
  model.on("msg:custom", save);
  draw();
  model.send({ type: "hello" });
  return () => { leave(); model.off("change:view", draw); model.off("msg:custom", save); };
}

export default { render };
