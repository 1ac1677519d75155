// The exercise card: plain ESM, no build step, nothing fetched.
// The kernel owns the truth (model "view"); this file draws it and sends what the learner does.

function table(shown, cell = (text) => text) {
  const last = shown.total ? shown.rows.length - 1 : -1;
  const row = (texts, r) =>
    el("tr", {}, texts.map((text, c) => el(c ? "td" : "th", c ? {} : { scope: "row" }, cell(text, r, c))));
  return el("div", { class: "rx-wide", tabindex: "0", role: "group", "aria-label": shown.header.join("、") },
    el("table", shown.prose ? { class: "rx-prose" } : {},
      el("thead", {}, el("tr", {}, shown.header.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, shown.rows.filter((_, r) => r !== last).map((texts, r) => row(texts, r))),
      last >= 0 ? el("tfoot", {}, row(shown.rows[last], last)) : null));
}

// ---- one entry a kind: (question, words, changed, ask) -> {node, get, set}, for played kinds also draw(step) ------

function options(type, q, words, changed) {
  const name = unique();
  const inputs = q.options.map((option) => el("input", { type, name, value: option.id, onchange: changed }));
  const node = el("fieldset", {},
    el("legend", { class: "rx-legend" }, type === "radio" ? words.choose_one : words.choose_several),
    q.options.map((option, i) => el("label", { class: "rx-option" }, inputs[i], el("span", {}, option.text))));
  return {
    node,
    get: () => (type === "radio" ? inputs.find((i) => i.checked)?.value ?? null
                                 : inputs.filter((i) => i.checked).map((i) => i.value)),
    set: (answer) => inputs.forEach((i) => { i.checked = [].concat(answer ?? []).includes(i.value); }),
  };
}

function textarea(label, changed, rows = 4, text = "") {
  const id = unique();
  const input = el("textarea", { id, rows, maxlength: 20000, oninput: changed });
  input.value = text;
  return { node: el("div", { class: "rx-write" }, el("label", { for: id }, label), input), input };
}

function pairs(q, words, changed) {
  const selects = Object.fromEntries(q.items.map((item) => [item.id, el("select", { "data-item": item.id, onchange: changed },
    el("option", { value: "" }, words.pick), q.targets.map((t) => el("option", { value: t.id }, t.text)))]));
  const node = el("fieldset", {}, el("legend", { class: "rx-legend" }, words.place_each),
    q.items.map((item) => el("label", { class: "rx-pair" }, el("span", {}, item.text), selects[item.id])));
  return {
    node,
    get: () => Object.fromEntries(Object.entries(selects).filter(([, s]) => s.value).map(([id, s]) => [id, s.value])),
    set: (answer) => Object.entries(selects).forEach(([id, s]) => { s.value = answer?.[id] ?? ""; }),
  };
}

function order(q, words, changed) {
  const list = el("ol", { class: "rx-order" });
  const move = (li, step, button) => {
    const other = step < 0 ? li.previousElementSibling : li.nextElementSibling;
    if (!other) return;
    if (step < 0) list.insertBefore(li, other); else list.insertBefore(other, li);
    button.focus();
    live.textContent = say(words.moved, { item: li.dataset.text, place: [...list.children].indexOf(li) + 1 });
    changed();
  };
  const live = el("span", { class: "rx-hidden", "aria-live": "polite" });
  for (const item of q.items) {
    const li = el("li", { "data-id": item.id, "data-text": item.text }, el("span", {}, item.text));
    for (const [step, sign, word] of [[-1, "↑", words.up], [1, "↓", words.down]]) {
      const button = el("button", { type: "button", class: "rx-step", "aria-label": `${word}：${item.text}` }, sign);
      button.addEventListener("click", () => move(li, step, button));
      li.append(button);
    }
    list.append(li);
  }
  return {
    node: el("fieldset", {}, el("legend", { class: "rx-legend" }, words.order_them), list, live),
    get: () => [...list.children].map((li) => li.dataset.id),
    set: (answer) => (answer ?? []).forEach((id) => list.append(list.querySelector(`[data-id="${CSS.escape(id)}"]`))),
  };
}

const KINDS = {
  choice: (q, words, changed) => options("radio", q, words, changed),
  several: (q, words, changed) => options("checkbox", q, words, changed),
  decide(q, words, changed) {
    const chosen = options("radio", q, words, changed), why = textarea(q.reason, changed, 3);
    return {
      node: el("div", {}, chosen.node, why.node),
      get: () => ({ choice: chosen.get(), why: why.input.value }),
      set: (answer) => { chosen.set(answer?.choice); why.input.value = answer?.why ?? ""; },
    };
  },
  number(q, words, changed) {
    const id = unique();
    const input = el("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", maxlength: 40,
                                class: "rx-figure", oninput: changed });
    return {
      node: el("div", { class: "rx-number" }, el("label", { for: id, class: "rx-hidden" }, say(words.number, q)),
               input, el("span", { "aria-hidden": "true" }, q.unit)),
      get: () => input.value, set: (answer) => { input.value = answer ?? ""; },
    };
  },
  table(q, words, changed) {
    const inputs = {};
    const node = table(q.table, (text, r, c) => {
      const blank = q.blanks.find((b) => b.row === r && b.column === c);
      if (!blank) return text;
      const short = ["元", "万元"].includes(q.unit) ? "" : " rx-short";
      inputs[blank.id] = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: `rx-figure${short}`,
        maxlength: 40, oninput: changed, "data-blank": blank.id,
        "aria-label": `${q.table.rows[r][0]}，${q.table.header[c]}，${q.unit}` });
      return inputs[blank.id];
    });
    return {
      node,
      get: () => Object.fromEntries(Object.entries(inputs).map(([id, input]) => [id, input.value])),
      set: (answer) => Object.entries(inputs).forEach(([id, input]) => { input.value = answer?.[id] ?? ""; }),
    };
  },
  order, match: pairs, classify: pairs,
  write(q, words, changed) {
    const area = textarea(words.write, changed, Math.max(5, q.starter.split("\n").length + 3), q.starter);
    return { node: area.node, get: () => area.input.value, set: (a) => { area.input.value = a ?? q.starter; } };
  },
  discuss(q, words, changed) {
    const area = textarea(q.collect, changed, 5);
    return { node: area.node, get: () => area.input.value, set: (a) => { area.input.value = a ?? ""; } };
  },
  roleplay(q, words, changed) {
    const groups = {};
    const form = q.form.map((line) => {
      const name = unique();
      groups[line.id] = [0, 1, 2, 3].map((n) => el("input", { type: "radio", name, value: n, onchange: changed }));
      return el("fieldset", { class: "rx-line", "data-line": line.id }, el("legend", {}, line.text),
        el("div", { class: "rx-scale" }, groups[line.id].map((input, n) => el("label", {}, input, String(n)))),
        el("p", { class: "rx-soft" }, `0 ${line.low} · 3 ${line.high}`));
    });
    const note = textarea(words.observed, changed, 3);
    const red = el("input", { type: "checkbox", onchange: changed });
    const flag = q.red_flag ? el("label", { class: "rx-option" }, red, el("span", {}, q.red_flag)) : null;
    return {
      node: el("div", {}, q.roles.map((role) => el("div", { class: "rx-role" }, el("b", {}, role.name),
        paragraphs(role.brief))), el("p", { class: "rx-legend" }, words.observer_form), form, flag, note.node),
      get: () => ({ note: note.input.value, ...(q.red_flag ? { red: red.checked } : {}), scores: Object.fromEntries(Object.entries(groups)
        .map(([id, inputs]) => [id, inputs.find((i) => i.checked)]).filter(([, i]) => i)
        .map(([id, input]) => [id, Number(input.value)])) }),
      set: (answer) => {
        note.input.value = answer?.note ?? "";
        red.checked = answer?.red === true;
        for (const [id, inputs] of Object.entries(groups))
          inputs.forEach((input) => { input.checked = answer?.scores?.[id] === Number(input.value); });
      },
    };
  },
  scene: scenePlay, who: whoIsThis,
};

// ---- the card ---------------------------------------------------------------------------------------------------

function box(kind, title, text) {
  return el("div", { class: `rx-said rx-${kind}` }, el("b", {}, title), paragraphs(text));
}

function render({ model, el: host }) {
  const q = model.get("question"), words = model.get("words");
  let touched = false, waiting = null, timer = null;

  const standing = el("span");
  const title = el("h3", { id: unique(), tabindex: "-1" }, q.ask);
  const changed = () => { touched = true; };
  const answer = KINDS[q.kind](q, words, changed, ask);
  const submit = el("button", { type: "submit", hidden: answer.plays }, words.submit);
  const hint = el("button", { type: "button", class: "rx-ghost", onclick: () => ask("hint") });
  const solution = el("button", { type: "button", class: "rx-ghost", onclick: () => ask("solution") }, words.solution);
  const said = el("div", { role: "status", "aria-live": "polite" });
  const more = el("div", { "aria-live": "polite" });

  const form = el("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    ask("submit", { answer: answer.get() });
  } }, q.kind === "table" || !q.table ? null : table(q.table), answer.node,
    el("div", { class: "rx-row" }, submit, hint, solution), said, more);

  const card = el("section", { class: "rx-card", "aria-labelledby": title.id, "data-exercise": q.id },
    el("div", { class: "rx-top" }, el("span", {}, `${q.id} · ${q.topic}`), standing),
    title, paragraphs(q.text), form,
    el("p", { class: "rx-source" }, [q.source, q.identity, say(words.minutes, q)].filter(Boolean).join(" · ")));
  host.append(card);

  function ask(type, extra = {}) {
    // The same submission id until it is confirmed: pressing again after a hiccup counts once.
    const said = JSON.stringify([type, extra]);
    if (waiting?.said !== said) waiting = { said, submission: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
    model.send({ type, submission: waiting.submission, ...extra });
    submit.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(() => {
      said.replaceChildren(box("bad", words.no_reply_title, words.no_reply));
    }, 15000);
  }

  function draw() {
    const view = model.get("view");
    clearTimeout(timer);
    waiting = null;
    submit.removeAttribute("aria-busy");
    standing.textContent = view.done ? `✓ ${words.done}` : view.tries ? say(words.tries, view) : words.not_tried;
    hint.textContent = say(words.hint, { left: view.hints_left });
    for (const [button, gone] of [[hint, view.hints_left === 0], [solution, !view.may_see_solution]]) {
      if (gone && button === document.activeElement) (submit.hidden ? title : submit).focus(); // a hidden button would drop the focus to the page
      button.hidden = gone;
    }
    if (!touched && view.answer != null) answer.set(view.answer);
    if (view.step) answer.draw(view.step);
    if (view.error) said.replaceChildren(box("bad", words.not_kept, view.error));
    else if (!view.message) said.replaceChildren();
    else {
      const look = { correct: "good", partial: "hint", incorrect: "bad", not_attempted: "hint" }[view.status];
      said.replaceChildren(box(look, words[`title_${view.status}`], view.message));
    }
    more.replaceChildren(...view.hints.map((text, i) => box("hint", say(words.hint_title, { n: i + 1 }), text)));
    if (view.takeaway) more.append(box("take", words.takeaway, view.takeaway));
    if (view.solution) more.append(box("take", words.solution_title, view.solution));
  }

  const leave = followTheme(card);
  model.on("change:view", draw);
  draw();
  model.send({ type: "hello" });
  return () => { leave(); clearTimeout(timer); model.off("change:view", draw); };
}

export default { render };
