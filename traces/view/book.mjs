// How do the chapters and lessons become a site?  node book.mjs BUILD-FOLDER OUTPUT-FOLDER, in the folder of the sources.  A lesson gets its
// recordings into its page; what runs there is book.jsx.
import { marked } from "marked";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { bundle, textOf } from "./bundle.mjs";

const MOST_BYTES = 1 << 20; // of a page
const [build, out] = process.argv.slice(2);

// --- recordings ---

const dataOf = (html) =>
	html
		.match(/<script id="data"[^>]*>(.*?)<\/script>/s)[1]
		.trim()
		.slice(1, -1);

function view(recording, more) {
	const page = join(out, "recording.html");
	execFileSync(`${build}/firn`, ["view", `traces/recorded/${recording}.dat`, "-o", page, ...more], { stdio: "pipe" });
	const data = dataOf(readFileSync(page, "utf8"));
	rmSync(page);
	return data;
}

// With L1's instructions and source if the program is still the one that was recorded.
const recordings = new Map();
function recordingData(name) {
	if (!recordings.has(name)) {
		let data = view(name, []);
		const guest = JSON.parse(data).about.split(",")[0];
		try {
			data = view(name, ["--symbols", `${build}/guest/${guest}.elf`]);
		} catch {
			console.error(`book: ${name} is of another build than ${guest}.elf: its steps have no instructions`);
		}
		recordings.set(name, data);
	}
	return recordings.get(name);
}

// --- text ---

const attribute = (words) => words.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const RECORDING = /traces\/recorded\/([a-z0-9_-]+)\.dat/g;
const shownBy = (command) => [...command.matchAll(RECORDING)].map((found) => found[1]);

// A command and its answer: what is asked of the recording, or "" if only a shell can tell.
function question(command, answer) {
	const [recording] = shownBy(command);
	const count = command.match(/--count (?:'([^']*)'|(\S+))$/);
	const of = command.includes("firn report") && count ? (count[1] ?? count[2]) : "";
	return `<div class="exercise" data-recording="${recording ?? ""}" data-count="${attribute(of)}" data-answer="${attribute(answer)}"><pre><code>${attribute(command)}</code></pre></div>`;
}

const plain = (lines) =>
	lines.some((line) => line.trim()) ? `<pre><code>${attribute(lines.join("\n").trimEnd())}</code></pre>` : "";
const picture = (command) =>
	`<p class="show"><a href="#" data-show="${shownBy(command).join("+")}">show this recording</a> <code>${attribute(command)}</code></p>`;

// Lines of commands and answers are exercises; firn view names the picture; the rest is as it is.
function codeBlock(code) {
	const lines = code.split("\n");
	if (lines.some((line) => line.startsWith("answer: ")))
		return lines
			.map((line, i) =>
				line.startsWith("$ ") ? question(line.slice(2), (lines[i + 1] ?? "").replace(/^answer: /, "")) : "",
			)
			.join("");
	const at = lines.findIndex((line) => line.startsWith("firn view ") && shownBy(line).length);
	if (at >= 0) return plain(lines.slice(0, at)) + picture(lines[at]) + plain(lines.slice(at + 1));
	return plain(lines);
}

// Rows "| step | trap |" are about the recording that was shown last: their numbers move the picture.
function linkSteps(html) {
	let shown = "";
	return html.replace(
		/data-show="([^"]*)"|<tr>\n<td>(\d+)<\/td>\n<td>[A-Z][A-Za-z0-9_:]*<\/td>/g,
		(all, recording, step) => {
			if (recording) {
				shown = recording;
				return all;
			}
			return shown
				? all.replace(
						`<tr>\n<td>${step}</td>`,
						`<tr data-row="${shown}/${step}">\n<td><a href="#" data-show="${shown}" data-step="${step}">${step}</a></td>`,
					)
				: all;
		},
	);
}

// What a page shows from beside it goes to the same place in the book.
function takeAlong(href, folder) {
	const to = join(out, relative("docs", join(folder, href)));
	mkdirSync(dirname(to), { recursive: true });
	copyFileSync(join(folder, href), to);
}

function htmlOf(markdown, folder) {
	const renderer = new marked.Renderer();
	renderer.code = codeBlock;
	renderer.image = (href, title, text) => {
		if (!/^https?:/.test(href)) takeAlong(href, folder);
		return `<img src="${attribute(href)}" alt="${text}">`;
	};
	renderer.link = (href, title, text) => {
		if (/^https?:/.test(href)) return `<a href="${attribute(href)}">${text}</a>`;
		const inBook =
			/^(\.\.\/)?[a-z0-9/-]+\.md(#.*)?$/i.test(href) && readable(join(folder, href.replace(/#.*/, "")));
		return inBook
			? `<a href="${href.replace("README.md", "index.html").replace(".md", ".html")}">${text}</a>`
			: text;
	};
	return linkSteps(marked.parse(markdown, { renderer }));
}

function readable(path) {
	try {
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

// --- pages ---

const titleOf = (markdown) => markdown.match(/^# (.*)/m)[1];
const chapters = (folder) =>
	[...readFileSync(join(folder, "README.md"), "utf8").matchAll(/\]\(([a-z0-9-]+\.md)\)/g)].map((found) => found[1]);
const unique = (list) => [...new Set(list)];

// The order of reading: the table of contents, the chapters as it has them, and the lessons.
const order = [
	"README.md",
	...unique(chapters("docs")),
	"lessons/README.md",
	...unique(chapters("docs/lessons"))
		.sort()
		.map((name) => `lessons/${name}`),
];
const target = (name) => name.replace("README.md", "index.html").replace(".md", ".html");
const back = (name) => (name.includes("/") ? "../" : "");

function pageOf(name) {
	const markdown = readFileSync(join("docs", name), "utf8");
	const html = htmlOf(markdown, dirname(join("docs", name)));
	const shown = unique(
		[...html.matchAll(/data-(?:show|recording)="([a-z0-9_+-]+)"/g)].flatMap((m) => m[1].split("+")),
	);
	const at = order.indexOf(name);
	const go = (to, words) =>
		order[to]
			? `<a href="${back(name)}${target(order[to])}" rel="${words}">${words}: ${titleOf(readFileSync(join("docs", order[to]), "utf8")).replaceAll("`", "")}</a>`
			: "<span></span>";
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(titleOf(markdown).replaceAll("`", ""))}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${back(name)}book.css">
</head>
<body class="${shown.length ? "lesson" : "chapter"}">
<article>
<nav><a href="${back(name)}index.html">The book of firn</a><a href="${back(name)}lessons/index.html">Lessons</a></nav>
${html}
<nav class="on">${go(at - 1, "back")}${go(at + 1, "next")}</nav>
</article>
${shown.length ? '<div id="app"></div>' : ""}
<div id="tips"></div>
${shown.map((r) => `<script type="application/json" data-of="${r}">${recordingData(r)}</script>`).join("\n")}
<script src="${back(name)}book.js"></script>
</body>
</html>
`;
}

function write(name, text) {
	const path = join(out, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	if (Buffer.byteLength(text) > MOST_BYTES) throw new Error(`${path} has more than ${MOST_BYTES} bytes`);
}

mkdirSync(out, { recursive: true });
write("book.js", bundle("book.jsx"));
write("book.css", textOf("page.css") + textOf("book.css"));
const left = readdirSync("docs/lessons").filter(
	(name) => name.endsWith(".md") && !order.includes(`lessons/${basename(name)}`),
);
if (left.length) throw new Error(`no table of contents has ${left.join(", ")}`);
for (const name of order) write(target(name), pageOf(name));
