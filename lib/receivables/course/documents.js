// Documents on the page: the kernel makes the HTML, every text in it escaped. Plain ESM, behind exercise/dom.js.

function render({ model, el: host }) {
  const papers = el("div", {});
  papers.innerHTML = model.get("html");
  host.append(papers);
  return followTheme(papers);
}

export default { render };
