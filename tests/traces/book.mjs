// Does the book work in a real browser, from its files and without a network?  node book.mjs PLAYWRIGHT-FOLDER BOOK-FOLDER SCREENSHOT-FOLDER;
// prints one line for each thing that is wrong and exits with 1.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, book, shots] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const HANGS = Number(process.env.FIRN_PAGE_HANGS ?? 600000); // milliseconds
let wrong = 0;
const check = (good, what) => {
	if (good) return;
	wrong++;
	console.log(`wrong: ${what}`);
};

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, offline: true });
context.setDefaultTimeout(HANGS);
const page = await context.newPage();
let at = "";
page.on("pageerror", (e) => check(false, `${at}: ${e.message}`));
page.on("console", (m) => m.type() === "error" && check(false, `${at}: ${m.text()}`));
page.on("request", (r) => { if (!/^(file|data):/.test(r.url())) check(false, `${at}: a request to ${r.url()}`); });
const url = (file) => pathToFileURL(`${book}/${file}`).href;

const files = readdirSync(book, { recursive: true }).filter((name) => name.endsWith(".html"));
check(files.length >= 27, `the book has ${files.length} pages`);
let exercises = 0, counted = 0, links = 0;
for (const file of files) {
	at = file;
	const size = statSync(`${book}/${file}`).size;
	check(size < 1 << 20, `${file} has ${size} bytes`);
	await page.goto(url(file));
	check((await page.locator("article h1").count()) === 1, `${file} has a heading`);
	for (const img of await page.locator("article img").evaluateAll((all) => all.filter((i) => !i.naturalWidth).map((i) => i.src)))
		check(false, `${file} has no picture ${img}`);
	// Every link within the book leads somewhere.
	for (const href of await page.locator("article a:not([data-show])").evaluateAll((all) => all.map((a) => a.href))) {
		if (!href.startsWith("file:")) continue;
		links++;
		try { readFileSync(new URL(href.replace(/#.*/, ""))); } catch { check(false, `${file} links to ${href}`); }
	}
	// What the page counts is what the command prints.
	for (const box of await page.locator(".exercise").all()) {
		const printed = await box.getAttribute("data-answer");
		exercises++;
		if (await box.locator("input").count()) {
			counted++;
			check(!(await box.innerText()).includes(printed), `${file} gives ${printed} before one has guessed`);
			await box.locator("input").fill("31415");
			await box.locator("button").click();
			check(/^Not quite: /.test(await box.locator("output").innerText()), `${file} takes a wrong answer for ${printed}`);
			await box.locator("input").fill(printed.match(/\d+/)[0]);
			await box.locator("button").click();
			check(/^Right: /.test(await box.locator("output").innerText()), `${file} does not take ${printed}`);
		} else await box.locator("button").click();
		check((await box.locator("output b").innerText()) === printed, `${file} says ${await box.locator("output b").innerText()} for ${printed}`);
	}
	// Numbers of steps in the text move the picture.
	for (const link of await page.locator("[data-row] a[data-step]").all()) {
		const step = await link.getAttribute("data-step");
		await link.click();
		await page.locator(`#app .row.now[data-step="${step}"]`).first().waitFor();
		await page.locator(`tr.at[data-row$="/${step}"]`).first().waitFor(); // the row is marked when the picture has been drawn
	}
	if (await page.locator("#app").count()) check((await page.locator(".told").first().innerText()).length > 30, `${file} has no story`);
}
console.log(`${files.length} pages, ${links} links, ${exercises} exercises, ${counted} of them counted on the page`);
check(exercises >= 70 && counted >= 66, "there are as many exercises as answers");

// A link opens the book at a step; the keys walk on; words have tips; it fits on small screens.
at = "lessons/08-enter-v83.html";
await page.goto(`${url(at)}#enter-nv/14`);
await page.locator('#app .row.now[data-step="14"]').waitFor();
check(/enters its guest/.test(await page.locator(".told").innerText()), "the story of the step is there");
check(/eret/.test(await page.locator(".code").innerText()), "L1's instruction is there");
await page.keyboard.press("ArrowRight");
await page.locator('#app .row.now[data-step="15"]').waitFor();
await page.locator("article .term").first().hover();
await page.locator("#tip:not([hidden])").waitFor();
for (const scheme of ["light", "dark"]) {
	await page.emulateMedia({ colorScheme: scheme });
	for (const [w, h] of [[1440, 900], [900, 600], [390, 844]]) {
		await page.setViewportSize({ width: w, height: h });
		check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${at} fits into ${w} x ${h}`);
		await page.screenshot({ path: `${shots}/book-${w}x${h}-${scheme}.png` });
	}
}
await browser.close();
process.exit(wrong ? 1 : 0);
