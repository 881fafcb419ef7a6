// How does a page of the book begin?  Its text is there; links in it move the picture, exercises check themselves, words have tips.
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { App } from "./app.jsx";
import { Exercise } from "./exercise.jsx";
import { FINDS } from "./glossary.js";
import { Tips } from "./tips.jsx";
import { Trace } from "./trace.js";

const texts = new Map([...document.querySelectorAll("[data-of]")].map((e) => [e.dataset.of, e.textContent]));
const opened = new Map();
function open(name) {
	if (!opened.has(name) && texts.has(name)) opened.set(name, new Trace(JSON.parse(texts.get(name))));
	return opened.get(name);
}

// "uart-nv2/3" of the address, or what the text shows first.
function asked() {
	const [show, step] = location.hash.slice(1).split("/");
	if (show && show.split("+").every((name) => texts.has(name))) return { show, step: parseInt(step, 10) || 0 };
	const first = document.querySelector("[data-show]")?.dataset.show ?? texts.keys().next().value;
	return { show: first, step: parseInt(document.querySelector("[data-step]")?.dataset.step ?? "0", 10) };
}

function Picture() {
	const [at, setAt] = useState(asked);
	useEffect(() => {
		const click = (e) => {
			const link = e.target.closest("[data-show]");
			if (!link) return;
			e.preventDefault();
			const to = { show: link.dataset.show, step: parseInt(link.dataset.step ?? "0", 10) };
			history.replaceState(null, "", `#${to.show}/${to.step}`);
			setAt(to);
		};
		const hash = () => setAt(asked());
		document.addEventListener("click", click);
		window.addEventListener("hashchange", hash);
		return () => {
			document.removeEventListener("click", click);
			window.removeEventListener("hashchange", hash);
		};
	}, []);
	const traces = useMemo(() => at.show.split("+").map(open), [at.show]);
	const request = useMemo(() => ({ step: at.step, view: at.view ?? "story" }), [at]);
	return (
		<App
			key={at.show}
			traces={traces}
			linked={false}
			request={request}
			title={at.show}
			moved={(step) =>
				document
					.querySelectorAll("[data-row]")
					.forEach((row) => row.classList.toggle("at", row.dataset.row === `${at.show}/${step}`))
			}
		/>
	);
}

// The first of each word of the glossary in each part of the text.
function explainText(article) {
	const walk = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
	const nodes = [];
	while (walk.nextNode()) nodes.push(walk.currentNode);
	let seen = new Set();
	for (const node of nodes) {
		if (node.parentElement.closest("h1, h2, h3")) seen = new Set();
		if (
			!node.parentElement.closest("p, td, li") ||
			node.parentElement.closest("a, code, pre, .exercise, [data-tip]")
		)
			continue;
		const parts = [];
		let at = 0;
		for (const found of node.data.matchAll(FINDS)) {
			if (seen.has(found[0])) continue;
			seen.add(found[0]);
			const term = Object.assign(document.createElement("span"), { className: "term", textContent: found[0] });
			term.dataset.tip = found[0];
			parts.push(node.data.slice(at, found.index), term);
			at = found.index + found[0].length;
		}
		if (at) node.replaceWith(...parts, node.data.slice(at));
	}
}

const article = document.querySelector("article");
explainText(article);
for (const box of document.querySelectorAll(".exercise")) {
	const command = box.innerText;
	box.textContent = "";
	render(<Exercise {...box.dataset} command={command} open={open} />, box);
}
const app = document.getElementById("app");
if (app) render(<Picture />, app);
const sysregs = Object.assign({}, ...[...texts.keys()].map((name) => open(name).sysregs));
render(<Tips sysregs={sysregs} />, document.getElementById("tips"));
