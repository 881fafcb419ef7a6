// Does the page of firn view work in a real browser?  node page.mjs PLAYWRIGHT-FOLDER PAGE PAGE-OF-TWO PAGE-OF-VCPUS PAGE-OF-VMS
// PAGE-WITH-SOURCE SCREENSHOT-FOLDER;
// prints one line for each thing that is wrong and exits with 1.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, page1, page2, vcpus, vms, source, shots] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const HANGS = Number(process.env.FIRN_PAGE_HANGS ?? 600000); // milliseconds; what takes longer hangs, however loaded the machine is
let wrong = 0;
// The page draws after a key, not with it: what is checked may take a moment to become true, longer on a busy machine.
const check = async (good, what) => {
	const until = Date.now() + HANGS;
	while (!(await good())) {
		if (Date.now() > until) {
			wrong++;
			console.log(`wrong: ${what}`);
			return;
		}
		await new Promise((done) => setTimeout(done, 20));
	}
};

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true });
context.setDefaultTimeout(HANGS);
const page = await context.newPage();
const errors = [];
page.on("pageerror", (e) => errors.push(e.message));
page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
page.on("request", (r) => { if (!/^(file|data):/.test(r.url())) errors.push(`a request to ${r.url()}`); });
const url = (file) => pathToFileURL(file).href;
// Waits: the list draws the rows in view only, and may be about to.
const now = async () => {
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
	return Number(await page.locator(".row.now").first().getAttribute("data-step"));
};
const detail = () => page.locator(".detail").first().innerText();

// One recording.
await page.goto(url(page1));
await page.waitForSelector(".row.now");
await check(async () => (await now()) === 0, "the page begins at step 0");
await page.keyboard.press("ArrowRight");
await check(async () => (await now()) === 1, "the right arrow steps");
await check(async () => page.url().endsWith("#step=1"), "the step is in the address");
await check(async () => /HVC #0x0 \(EC 0x16\)/.test(await detail()), "the syndrome is decoded in words");
await check(async () => /hvc #0/.test(await page.locator(".code").innerText()), "the instruction of L2 is there");
await check(async () => (await page.locator(".bits").first().locator("span").count()) > 30, "HCR_EL2 is there bit by bit");
await check(async () => (await page.locator(".bits").first().locator(".on", { hasText: /^NV$/ }).count()) === 1, "HCR_EL2.NV is set while vEL2 runs");
await check(async () => (await page.locator(".counts tr").count()) === 1, "the counts so far are there, without the mark");
await page.keyboard.press("/");
await page.keyboard.type("VTTBR_EL2");
await page.keyboard.press("Enter");
await check(async () => /MSR .*VTTBR_EL2/.test(await detail()), "search finds the write of VTTBR_EL2");
// One for each of the 30 operations; a tick of L1's own timer may add to them.
await check(async () => parseInt((await page.locator(".hits").innerText()).match(/(\d+) found/)?.[1] ?? "0") >= 30, "search counts what it finds");
await check(async () => /__kvm_vcpu_run_vhe/.test(await detail()), "the function of L1 is named");
await page.keyboard.press("Escape");
const before = await now();
await page.keyboard.press("n");
await check(async () => (await now()) > before, "n goes to the next one");
await page.screenshot({ path: `${shots}/one-light.png` });
await page.getByLabel("only this reason").selectOption("ERET");
await check(async () => (await page.locator(".row").allInnerTexts()).every((t) => t.includes("ERET")), "the filter shows that reason only");
await page.getByLabel("only this reason").selectOption("");
await page.goto(`${url(page1)}#step=7`);
await page.reload();
await page.waitForSelector(".row.now");
await check(async () => (await now()) === 7, "a deep link opens at its step");
await page.evaluate(() => document.activeElement.blur());
await page.keyboard.press("End");
await check(async () => (await page.locator(".detail h3").first().innerText()).startsWith("Step "), "End goes to the last step");
await page.keyboard.press("Home");
await check(async () => (await now()) === 0, "Home goes to the first step");
// The register that an emulated write changes is shown as changed.
await page.keyboard.press("/");
await page.keyboard.type("SYSREG:HCR_EL2:W");
await page.keyboard.press("Enter");
await check(async () => (await page.locator("tr.new", { hasText: "HCR_EL2" }).count()) >= 1, "the changed register is marked");
await page.emulateMedia({ colorScheme: "dark" });
await page.screenshot({ path: `${shots}/one-dark.png` });
await check(async () => (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) !== "rgb(255, 255, 255)", "dark is dark");
await page.emulateMedia({ colorScheme: "light" });

await check(async () => (await page.locator("tr.new .differs").count()) >= 1, "the bytes that changed are marked");
await check(async () => (await page.locator("tr.new", { hasText: "0x078" }).count()) === 1, "the place in the VNCR page is there");
await check(async () => (await page.locator(".bits").nth(1).locator(".differs").count()) >= 1, "the bits of HCR_EL2 that changed are marked");
// Counts and registers are the same however one comes to a step.
await page.keyboard.press("Escape");
const all = () => page.locator(".detail").first().innerText();
await page.goto(`${url(page1)}#step=400`);
await page.reload();
await page.waitForSelector(".row.now");
const direct = await all();
for (const key of ["End", "Home", "End", "PageUp"]) await page.keyboard.press(key);
for (let at; (at = await now()) > 400;) await page.keyboard.press(at - 400 >= 20 ? "PageUp" : "ArrowLeft");
await check(async () => (await now()) === 400, "stepping back ends where it should");
await check(async () => (await all()) === direct, "a step says the same when it is reached from behind");
const marks = await page.evaluate(() => {
	const [t] = JSON.parse(document.getElementById("data").textContent);
	return Array.from({ length: 401 }, (_, i) => t.strings[t.kinds[t.steps[5 * i + 2]][3]]).filter((reason) => reason === "MARK").length;
});
await check(async () => (await page.locator(".counts td:first-child").allInnerTexts()).reduce((sum, n) => sum + Number(n), 0) === 401 - marks, "the counts add up: all steps but the marks");
await page.keyboard.press("Home");
await page.keyboard.press("]");
await check(async () => /^\s*\d+\s*L2/.test(await page.locator(".row.now").innerText()), "] goes to the next exit from L2");
await page.keyboard.press("?");
await check(async () => await page.locator("dialog").isVisible(), "? shows the keys");
await page.keyboard.press("Escape");
await check(async () => (await page.locator("dialog").count()) === 0, "Escape hides them");
const lanes = () => page.locator("canvas").evaluate((c) => c.toDataURL());
const wide = await lanes();
await page.keyboard.press("-");
await check(async () => (await lanes()) !== wide, "- shows more steps in the lanes");
await page.locator("canvas").click({ position: { x: 800, y: 182 } });
await check(async () => (await now()) > 300, "a click into the strip goes there");
for (const [w, h] of [[500, 700], [900, 420]]) {
	await page.setViewportSize({ width: w, height: h });
	await check(async () => await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight), `the page fits into ${w} x ${h}`);
	await check(async () => (await page.locator(".row.now").boundingBox())?.height === 24, `the list is there in ${w} x ${h}`);
	await page.screenshot({ path: `${shots}/${w}.png` });
}
await page.setViewportSize({ width: 1280, height: 800 });

// Several vCPUs: each has registers of its own.
await page.goto(url(vcpus));
await page.waitForSelector(".row.now");
const first = await page.evaluate(() => {
	const [trace] = JSON.parse(document.getElementById("data").textContent), value = {};
	for (let i = 0, step = 0; i < trace.registers.length; i += 4) {
		const [after, name, v] = trace.registers.slice(i, i + 3);
		step += after;
		if (trace.strings[name] === "VMPIDR_EL2") value[trace.kinds[trace.steps[5 * step + 2]][0]] ??= trace.strings[v];
	}
	return value;
});
await check(async () => first[0] === "0x80000000" && first[1] === "0x80000001", `each vCPU begins with its own VMPIDR_EL2, not with ${JSON.stringify(first)}`);
await page.getByLabel("only this vCPU").selectOption("1");
await check(async () => (await page.locator(".row .vcpu").allInnerTexts()).every((v) => v === "0.1"), "the filter shows one vCPU only");

await page.goto(url(vms));
await page.waitForSelector(".row.now");
await page.getByLabel("only this vCPU").selectOption({ label: "vCPU 1.0" });
await check(async () => (await page.locator(".row .vcpu").allInnerTexts()).every((v) => v === "1.0"), "the filter shows one VM only");
await page.keyboard.press("ArrowRight");
await check(async () => /, vCPU 1\.0$/.test(await page.locator(".detail h3").first().innerText()), "a step of that VM is shown");

// Two side by side.
await page.goto(url(page2));
await page.waitForSelector(".row.now");
await check(async () => (await page.locator(".side").count()) === 2, "two recordings are side by side");
for (let i = 0; i < 24; i++) await page.keyboard.press("ArrowRight");
await page.screenshot({ path: `${shots}/two.png` });
const both = () => page.evaluate(() => [...document.querySelectorAll(".detail h3:first-child")].map((h) => Number(h.innerText.match(/\d+/)[0])));
await check(async () => (await both())[0] > (await both())[1], "the second one is kept in step by operation, not by number");
const [, right] = await both();
await page.locator(".side").nth(1).locator(`.row[data-step="${right + 2}"]`).click();
await check(async () => (await both())[1] === right + 2, "a click on the right goes to that step, and to no other");
await page.keyboard.press("t"); // each on its own
const [leftNow] = await both();
await page.keyboard.press("ArrowRight");
await check(async () => (await both())[1] === right + 3 && (await both())[0] === leftNow, "the right side is walked on its own");
await page.keyboard.press("/");
await page.keyboard.type("ERET");
await check(async () => /^\d[\d,]* \+ \d[\d,]* found$/.test(await page.locator(".hits").innerText()), "search counts on both sides");
await page.keyboard.press("Enter");
await check(async () => /ERET/.test(await page.locator(".side").nth(1).locator(".row.now").innerText()) && (await both())[0] === leftNow, "search walks the side that is walked");
await page.keyboard.press("Escape");
await page.keyboard.press("-");
await page.keyboard.press("s");
await check(async () => /view=story/.test(page.url()), "all of it is in the address");
const link = page.url();
const shown = await page.evaluate(() => document.getElementById("app").innerText);
await page.goto("about:blank");
await page.goto(link);
await page.waitForSelector(".row.now");
await check(async () => (await page.evaluate(() => document.getElementById("app").innerText)) === shown, "a link shows the same: both steps, search, sides, zoom, story");
await check(async () => (await page.locator("input[type=search]").inputValue()) === "ERET", "the link has the search");

// One scale for both sides: a bar of as many instructions is as wide.
await check(async () => Number(await page.locator("canvas").getAttribute("data-span")) > 0, "the lanes of both have one scale");

// What is said is searched: syndrome, value, address, story. Home, End, n, p and the arrows stay within the filters.
await page.goto(`${url(page1)}#step=0`);
await page.reload();
await page.waitForSelector(".row.now");
const step1 = await page.evaluate(() => { const [t] = JSON.parse(document.getElementById("data").textContent), k = t.kinds[t.steps[5 * 40 + 2]]; return [6, 8, 9, 11].map((c) => t.strings[k[c]]); });
for (const words of [...step1, "enters its guest"]) {
	await page.locator("input[type=search]").fill(words);
	await check(async () => parseInt(await page.locator(".hits").innerText()) >= 1, `search finds '${words}'`);
}
await page.locator("input[type=search]").fill("");
await page.getByLabel("only this reason").selectOption("HVC");
await page.evaluate(() => document.activeElement.blur());
for (const [key, what] of [["End", "End"], ["Home", "Home"], ["ArrowRight", "the arrow"]]) {
	await page.keyboard.press(key);
	await check(async () => /HVC/.test(await page.locator(".row.now").innerText()), `${what} respects the filter`);
}
await page.locator("input[type=search]").fill("vEL2");
await page.evaluate(() => document.activeElement.blur());
for (const key of ["n", "p"]) {
	await page.keyboard.press(key);
	await check(async () => /HVC/.test(await page.locator(".row.now").innerText()), `${key} respects the filter`);
}
await page.locator("input[type=search]").fill("");
await page.getByLabel("only this reason").selectOption("");

// Registers are told at the beginning: that is no change of theirs.
await page.goto(`${url(page1)}#step=0`);
await page.reload();
await page.waitForSelector(".row.now");
await check(async () => (await page.locator(".registers tr").count()) > 10 && (await page.locator(".registers tr.new").count()) === 0, "the first step changes no register");
// The current row is seen with those around it.
await page.evaluate(() => document.activeElement.blur());
for (let i = 0; i < 60; i++) await page.keyboard.press("ArrowRight");
await check(async () => {
	const list = await page.locator(".list").boundingBox(), row = await page.locator(".row.now").boundingBox();
	return list.y + list.height - (row.y + row.height) >= 2 * row.height;
}, "the current row stays away from the edge");

// Each word that has a tip has words in it.
const silent = await page.evaluate(async () => {
	const without = [];
	for (const term of document.querySelectorAll("[data-tip]")) {
		term.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
		await new Promise((done) => setTimeout(done));
		const tip = document.getElementById("tip");
		if (tip.hidden || tip.innerText.length < term.dataset.tip.length + 15) without.push(term.dataset.tip);
	}
	return without;
});
await check(async () => silent.length === 0, `these words have no explanation: ${[...new Set(silent)].join(" ")}`);
await page.locator(".bits .term", { hasText: /^TSC$/ }).first().hover();
await check(async () => /SMC traps/.test(await page.locator("#tip").innerText()), "HCR_EL2.TSC is explained in words");
await page.screenshot({ path: `${shots}/tip.png` });
await page.keyboard.press("Escape");
await check(async () => await page.locator("#tip").isHidden(), "Escape hides the tip");
await check(async () => (await page.locator(".picture .legend").innerText()).includes("forwarded"), "the legend is there");
await check(async () => /\d instructions and went on/.test(await detail()), "costs are said as instructions");

// L1's code: the instruction, and what stands in the source.
await page.goto(url(source));
await page.waitForSelector(".row.now");
await page.keyboard.press("ArrowRight");
await check(async () => /msr HCR_EL2, x\d+/.test(await page.locator(".code").innerText()), "the instruction is shown");
await check(async () => /enter\.c:\d+\s+write_sysreg\(HCR_EL2/.test(await page.locator(".code").innerText()), "the line of L1's source is shown");

// The story: what happens, the state beside it; it plays by itself.
await page.keyboard.press("s");
await check(async () => /L1 wrote HCR_EL2\./.test(await page.locator(".told").innerText()), "the story says what happened");
await check(async () => /0x[0-9a-f]+/.test(await page.locator(".cards").innerText()), "the state is beside it");
const tells = await page.evaluate(async () => {
	const wrong = [];
	for (let i = 0; i < 40; i++) {
		const told = document.querySelector(".told").innerText;
		if (/undefined|null|NaN|\?/.test(told) || told.length < 30) wrong.push(told);
		window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
		await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
	}
	return wrong;
});
await check(async () => tells.length === 0, `every step is told: ${tells[0]}`);
await page.getByLabel("speed").selectOption("16");
const began = await now();
await page.locator(".play").click();
await check(async () => (await now()) >= began + 3, "the story plays");
await page.locator(".play").click();
const paused = await now();
await page.waitForTimeout(800);
await check(async () => (await now()) === paused, "and pauses");

// WCAG AA: text of any size has a contrast of 4.5 to what is behind it.
const contrast = () => page.evaluate(() => {
	const light = (rgb) => rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
	const behind = (e) => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
	const bad = new Set();
	for (const e of document.querySelectorAll("#app *")) {
		if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length || e.closest("svg")) continue;
		const [a, b] = [light(numbers(getComputedStyle(e).color).slice(0, 3)), light(behind(e))].sort((x, y) => y - x);
		if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(`${e.tagName}.${e.className} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
	}
	return [...bad];
});
for (const scheme of ["light", "dark"]) for (const view of ["story", "details"]) {
	await page.emulateMedia({ colorScheme: scheme });
	await page.goto(`${url(source)}#step=14&view=${view}&q=ERET`);
	await page.reload();
	await page.waitForSelector(".row.now");
	const bad = await contrast();
	await check(async () => bad.length === 0, `too little contrast in ${scheme}, ${view}: ${bad.join(", ")}`);
	for (const [w, h] of [[1440, 900], [900, 600], [390, 844]]) {
		await page.setViewportSize({ width: w, height: h });
		await check(async () => await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight), `${view} fits into ${w} x ${h}`);
		await page.screenshot({ path: `${shots}/${view}-${w}x${h}-${scheme}.png` });
	}
	await page.setViewportSize({ width: 1280, height: 800 });
}
await page.emulateMedia({ colorScheme: "light" });

// Many events: stepping stays smooth.
const multiplied = (steps, name) => {
	const many = readFileSync(page1, "utf8").replace(/(<script id="data"[^>]*>)(.*?)(?=<\/script>)/s, (_, tag, data) => {
		const [trace] = JSON.parse(data), flat = new Array(5 * steps), registers = [], length = trace.steps.length / 5;
		for (let i = 0; i < flat.length; i++) flat[i] = trace.steps[i % trace.steps.length];
		for (let first = 0, last = 0; first < steps; first += length)
			for (let i = 0, at = first; i < trace.registers.length; i += 4) {
				at += trace.registers[i];
				if (at >= steps) break;
				registers.push(at - last, ...trace.registers.slice(i + 1, i + 4));
				last = at;
			}
		return tag + JSON.stringify([{ ...trace, steps: flat, registers }]).replaceAll("<", "\\u003c");
	});
	writeFileSync(`${shots}/${name}`, many);
};
multiplied(100000, "many.html");
await page.goto(url(`${shots}/many.html`));
await page.waitForFunction(() => /of \d{5}/.test(document.querySelector(".detail h3")?.innerText ?? ""));
for (const view of ["details", "story"]) {
	const times = await page.evaluate(async () => {
		const times = [];
		for (let i = 0; i < 80; i++) {
			const from = performance.now();
			window.dispatchEvent(new KeyboardEvent("keydown", { key: i % 8 ? "ArrowRight" : "PageDown" }));
			await new Promise((r) => setTimeout(r)); // the page is drawn before that
			document.body.offsetHeight;
			times.push(performance.now() - from);
			await new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
		}
		return times.sort((a, b) => a - b);
	});
	console.log(`100,000 steps, ${view}: one took ${times[40].toFixed(1)} ms in the middle, ${times[75].toFixed(1)} at the 95th of 100, ${times[79].toFixed(1)} at most`);
	await page.keyboard.press("s");
}
multiplied(1000000, "million.html");
const begun = Date.now();
await page.goto(url(`${shots}/million.html`));
await page.waitForSelector(".row.now");
console.log(`1,000,000 steps: loaded in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
await page.keyboard.press("End");
await check(async () => (await now()) === 999999, "the last of a million steps is reached");
for (const name of ["many.html", "million.html"]) rmSync(`${shots}/${name}`);
await check(async () => errors.length === 0, `the page reported: ${errors.join("; ")}`);
await browser.close();
process.exit(wrong ? 1 : 0);
