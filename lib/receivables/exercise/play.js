// The played kinds: a scene (say first, then choose) and a customer to make out. The kernel tells where the play
// stands (view.step); nothing hidden reaches this page before the debrief.

const money = (text) => Number(text).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const action = (text, onclick, look = "", id = null) => el("button", { type: "button", class: look, onclick, "data-id": id }, text);
const list = (items, look) => el("ul", { class: look ?? "" }, items.map((item) => el("li", {}, item)));

function scenePlay(q, words, changed, ask) {
  const w = words.scene, b = q.brief;
  const log = el("ol", { class: "rx-talk" }), talk = el("div", { role: "log", "aria-label": w.log }, log);
  const turn = el("div", { class: "rx-turn" }), after = el("div"), foldable = el("div");
  const folded = el("details", { hidden: true }, el("summary", {}, w.whole), foldable); // a talk that is over
  let said = [], moved = false, state = null, drawn = "", reworded = "";

  const go = (answer) => { moved = true; ask("step", { answer }); };
  const bubble = (line) => el("li", { class: `rx-by-${line.who}` }, el("b", {}, line.name), el("span", {}, line.text));

  function lines(step) {
    const same = said.every((line, i) => line.text === step.log[i]?.text);
    if (!same) { log.replaceChildren(); said = []; }
    const fresh = step.log.slice(said.length).map(bubble);
    log.append(...fresh);
    said = step.log;
    return same ? fresh[0] : null;
  }

  function own(step, heading) {
    const area = textarea(w.say, changed, 3, reworded);
    reworded = "";
    area.input.maxLength = 2000;
    const show = (line) => go({ ...step.answer, line });
    return [heading, area.node, el("div", { class: "rx-row" },
      action(w.said_it, () => {
        if (area.input.value.trim()) show(area.input.value.trim());
        else { empty.hidden = false; area.input.focus(); }
      }), action(w.said_aloud, () => show(""), "rx-ghost")), empty];
  }
  const empty = el("p", { class: "rx-soft", role: "alert", hidden: true }, w.empty);

  function options(step, heading) {
    const { line, options } = step;
    const choose = (id) => go({ ...step.answer, moves: [...step.answer.moves, id], own_lines: [...step.answer.own_lines, line] });
    const warned = step.hits.map((hit) => box("bad", say(w.red, hit),
      say(w.red_why, hit)));
    return [heading, line ? el("p", { class: "rx-yours" }, el("b", {}, w.yours), line) : null, ...warned,
      el("fieldset", { class: "rx-lines" }, el("legend", { class: "rx-legend" }, w.choose),
        options.map((option) => action(option.text, () => choose(option.id), "rx-say", option.id))),
      line ? el("div", { class: "rx-row" }, action(w.reword, () => { reworded = line; go(step.answer); }, "rx-ghost")) : null];
  }

  function draw(step) {
    const looks = JSON.stringify(step);
    if (looks === drawn) { moved = false; return; } // a hint came, or nothing was kept: what is being typed stays
    drawn = looks;
    const first = lines(step);
    state = step;
    empty.hidden = true;
    const heading = el("h4", { tabindex: "-1" }, step.ended ? w.debrief : say(w.turn, step));
    const parts = step.ended ? [] : (step.options ? options : own)(step, heading);
    const learned = step.learned.length && !step.ended ? el("div", { class: "rx-soft" }, w.learned, list(step.learned)) : null;
    turn.replaceChildren(...[step.note && el("p", { class: "rx-soft" }, step.note), ...parts, learned].filter(Boolean));
    folded.hidden = !step.ended;
    if (step.ended) foldable.append(talk); else folded.before(talk);
    const looked = step.ended ? debrief(step, heading) : [];
    // What was played another day is folded: the page stays short, the next exercise near.
    const d = step.debrief;
    after.replaceChildren(...(moved || !step.ended ? looked : [el("details", {}, el("summary", {},
      say(w.again_open, { grade: d.grade_name, score: Math.round(100 * d.score) })), looked)]));
    if (moved) { // keep the reader where the talk goes on, and the keyboard with him
      heading.focus({ preventScroll: true });
      (step.options ? heading : first ?? heading).scrollIntoView({ block: "start" });
    }
    moved = false;
  }

  function debrief(step, heading) {
    const d = step.debrief, back = step.answer;
    const again = (n) => go({ ...back, moves: back.moves.slice(0, n), own_lines: back.own_lines.slice(0, n) });
    const part = (title, ...nodes) => el("section", {}, el("h5", {}, title), ...nodes);
    const sign = { good: "✓", middling: "→", bad: "✗" }[d.grade], top = Math.max(...d.steps.map((s) => s.mark ?? 0));
    return [el("div", { class: "rx-debrief" }, heading,
      el("p", { class: `rx-end rx-${{ good: "good", middling: "hint", bad: "bad" }[d.grade]}` },
        el("b", {}, `${sign} ${d.grade_name}：${d.title}`), el("span", {}, say(w.score, { score: Math.round(100 * d.score) }))),
      d.red.length ? box("bad", w.red_title, say(w.red_zero, { rules: d.red.join("、") })) : null,
      part(w.came_in, d.came_in.length ? list([...d.came_in.map((p) => say(w.paid, { ...p, amount: money(p.amount) })),
        say(w.total, { total: money(d.came_in_total), share: Math.round(100 * d.share) })]) : el("p", {}, w.nothing)),
      d.given.length || d.findings.length ? part(w.given,
        list([...d.given.map((c) => say(w.cost, { words: c.words, cost: money(c.cost) })), ...d.findings])) : null,
      part(w.hidden, list(d.hidden.map((f) => `${f.found ? "✓" : "✗"} ${f.text}${f.found ? "" : w.not_found}`), "rx-plain"),
        el("p", { class: "rx-soft" }, say(w.wanted, d))),
      part(say(top > 1 ? w.best : w.none_good, { mark: top }), el("p", { class: "rx-yours" }, d.best_line), el("p", {}, d.best_why),
        d.best_own ? el("p", { class: "rx-soft" }, `${w.yours_kept}${d.best_own}`) : null),
      part(w.left, el("p", {}, d.left)), part(w.tells, el("p", {}, d.tells)),
      part(w.rubric, rubric(d)), part(w.gauges, gauges(d)),
      el("details", {}, el("summary", {}, w.steps), el("ol", { class: "rx-steps" }, d.steps.map((s) => review(d, s, again)))),
      el("div", { class: "rx-row" }, action(w.again, () => again(0), "rx-ghost")))];
  }

  const rubric = (d) => el("div", { class: "rx-wide", tabindex: "0", role: "group", "aria-label": w.rubric },
    el("table", { class: "rx-prose" }, el("tbody", {}, d.rubric.map((line) => el("tr", {},
      el("th", { scope: "row" }, line.name), el("td", { class: "rx-meaning" }, line.meaning),
      el("td", { class: "rx-mark" }, line.points == null ? w.no_mark : `${Number(line.points.toFixed(1))} / 3`))))));

  function review(d, s, again) {
    const now = Object.entries(d.gauge_names).map(([id, name]) => `${name} ${s.gauges[id]}`).join(" · ");
    return el("li", {}, el("p", {}, el("b", {}, s.line)),
      s.own_line ? el("p", { class: "rx-soft" }, `${w.yours}${s.own_line}`) : null,
      ...s.own_hits.map((hit) => el("p", { class: "rx-soft" }, `✗ ${say(w.red, hit)}${hit.hint}`)),
      el("p", {}, `${s.way}${s.mark == null ? "" : say(w.mark, s)}${s.why}`),
      el("p", { class: "rx-soft" }, now), action(w.from_here, () => again(s.number - 1), "rx-ghost"));
  }

  function gauges(d) {
    const ids = Object.keys(d.gauge_names), rows = [d.gauges_before, ...d.steps.map((s) => s.gauges)];
    const wide = 440, high = 190, left = 14, right = 104, top = 12, low = high - 24;
    const x = (n) => left + n * (wide - left - right) / Math.max(1, rows.length - 1), y = (v) => low - v * (low - top) / 10;
    const svg = (name, attributes, text) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      if (text != null) node.textContent = text;
      return node;
    };
    const told = ids.map((id) => `${d.gauge_names[id]} ${rows[0][id]} → ${rows.at(-1)[id]}`);
    const picture = svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "rx-gauges", role: "img", "aria-label": told.join("，") });
    for (const v of [0, 5, 10])
      picture.append(svg("line", { x1: left, x2: wide - right, y1: y(v), y2: y(v), class: "rx-grid" }));
    rows.forEach((_, n) => picture.append(svg("text", { x: x(n), y: high - 4, "text-anchor": "middle" }, n || w.begin)));
    const ends = ids.map((id) => ({ id, at: y(rows.at(-1)[id]) })).sort((a, b) => a.at - b.at);
    ends.forEach((end, i) => { if (i) end.at = Math.max(end.at, ends[i - 1].at + 22); });
    const over = Math.max(0, ends.at(-1).at - low);
    ids.forEach((id, i) => {
      picture.append(svg("polyline", { points: rows.map((row, n) => `${x(n)},${y(row[id])}`).join(" "), class: `rx-gauge rx-gauge-${i}` }));
      picture.append(svg("text", { x: wide - right + 10, y: ends.find((end) => end.id === id).at - over + 5, class: `rx-gauge-${i}` },
        `${d.gauge_names[id]} ${rows.at(-1)[id]}`));
    });
    return el("div", {}, picture, el("p", { class: "rx-soft" }, told.join("；")));
  }

  return {
    plays: true,
    node: el("div", {}, el("div", { class: "rx-brief" }, el("p", {}, el("b", {}, b.title), ` · ${b.channel}`), list(b.lines)),
      talk, folded, turn, after),
    get: () => state?.answer ?? null, set: () => {}, draw,
  };
}

function whoIsThis(q, words, changed, ask) {
  const w = words.who, names = q.options.map((o) => o.text);
  const log = el("ol", { class: "rx-talk" }), talk = el("div", { role: "log", "aria-label": w.log }, log), belief = el("div"), questions = el("div", { class: "rx-turn" });
  const types = options("radio", q, { ...words, choose_one: w.type }, changed), sureName = unique();
  const sure = q.sure.map((percent) => el("input", { type: "radio", name: sureName, value: percent, onchange: changed }));
  const start = q.options.map(() => el("span")), bars = q.options.map(() => el("span"));
  let asked = [], moved = false;
  const put = (next) => { moved = true; ask("step", { answer: { asked: next } }); };
  const again = action(w.again, () => put([]), "rx-ghost");

  belief.append(el("p", { class: "rx-legend" }, w.belief), el("ul", { class: "rx-plain rx-belief", "aria-live": "polite" },
    names.map((name, i) => el("li", {}, el("span", {}, name), el("span", { class: "rx-meter" }, bars[i]), start[i]))));

  function draw(step) {
    asked = step.answer.asked;
    log.replaceChildren(...step.log.flatMap((each) => [
      el("li", { class: "rx-by-you" }, el("b", {}, w.you), el("span", {}, each.ask)),
      el("li", { class: "rx-by-debtor" }, el("b", {}, w.he), el("span", {}, each.reply))]));
    const now = step.belief.at(-1), before = step.belief.at(-2);
    now.forEach((p, i) => {
      bars[i].style.width = `${Math.round(100 * p)}%`;
      const change = before ? Math.round(100 * p) - Math.round(100 * before[i]) : 0;
      start[i].textContent = `${Math.round(100 * p)}%${change ? `（${change > 0 ? "↑" : "↓"}${Math.abs(change)}）` : ""}`;
    });
    const rest = q.items.filter((item) => !asked.includes(item.id));
    const legend = el("h4", { tabindex: "-1" }, rest.length ? w.ask : w.no_more);
    questions.replaceChildren(legend, el("fieldset", { class: "rx-lines", "aria-label": w.ask }, rest.map((item) =>
      action(item.text, () => put([...asked, item.id]), "rx-say", item.id))),
      ...[step.dispute ? el("p", { class: "rx-soft" }, w.dispute) : null, asked.length ? again : null].filter(Boolean));
    if (moved) {
      legend.focus({ preventScroll: true });
      (log.lastElementChild?.previousElementSibling ?? log).scrollIntoView({ block: "nearest" });
    }
    moved = false;
  }

  return {
    node: el("div", {}, paragraphs(q.opening), talk, belief, questions, types.node,
      el("fieldset", {}, el("legend", { class: "rx-legend" }, words.how_sure),
        el("div", { class: "rx-scale rx-sure" }, sure.map((input) => el("label", {}, input, `${input.value}%`))))),
    get: () => ({ asked, type: types.get(), sure: Number(sure.find((i) => i.checked)?.value ?? 0) || null }),
    set: (answer) => { types.set(answer?.type); sure.forEach((i) => { i.checked = Number(i.value) === answer?.sure; }); },
    draw,
  };
}
