// Does the page of firn view work in a real browser?  node page.mjs PLAYWRIGHT-FOLDER PAGE PAGE-OF-TWO PAGE-OF-VCPUS PAGE-OF-VMS SCREENSHOT-FOLDER;
// prints one line for each thing that is wrong and exits with 1.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, page1, page2, vcpus, vms, shots] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const HANGS = 600000; // milliseconds; what takes longer hangs, however loaded the machine is
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
await check(async () => (await page.locator(".bits").first().locator("span").count()) > 30, "HCR_EL2 is there bit by bit");
await check(async () => (await page.locator(".bits").first().locator(".on", { hasText: /^NV$/ }).count()) === 1, "HCR_EL2.NV is set while vEL2 runs");
await check(async () => (await page.locator(".counts tr").count()) >= 2, "the counts so far are there");
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
await check(async () => (await page.locator(".counts td:first-child").allInnerTexts()).reduce((sum, n) => sum + Number(n), 0) === 401, "the counts add up");
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
await page.locator("canvas").click({ position: { x: 800, y: 160 } });
await check(async () => (await now()) > 300, "a click into the strip goes there");
for (const [w, h] of [[500, 700], [900, 420]]) {
	await page.setViewportSize({ width: w, height: h });
	await check(async () => await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight), `the page fits into ${w} x ${h}`);
	await check(async () => (await page.locator(".row.now").boundingBox())?.height === 22, `the list is there in ${w} x ${h}`);
	await page.screenshot({ path: `${shots}/${w}.png` });
}
await page.setViewportSize({ width: 1280, height: 800 });

// Several vCPUs: each has registers of its own.
await page.goto(url(vcpus));
await page.waitForSelector(".row.now");
const first = await page.evaluate(() => {
	const [trace] = JSON.parse(document.getElementById("data").textContent), mpidr = trace.strings.indexOf("VMPIDR_EL2"), value = {};
	for (const [step, name, v] of trace.registers) if (name === mpidr) value[trace.steps[step][2]] ??= v;
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
const steps = await page.evaluate(() => [...document.querySelectorAll(".detail h3:first-child")].map((h) => Number(h.innerText.match(/\d+/)[0])));
await check(async () => steps[0] > steps[1], "the second one is kept in step by operation, not by number");

// Many events: stepping stays smooth.
const many = readFileSync(page1, "utf8").replace(/(<script id="data"[^>]*>)(.*?)(?=<\/script>)/s, (_, tag, data) => {
	const [trace] = JSON.parse(data), steps = [];
	while (steps.length < 100000) steps.push(...trace.steps);
	return tag + JSON.stringify([{ ...trace, steps }]).replaceAll("<", "\\u003c");
});
writeFileSync(`${shots}/many.html`, many);
await page.goto(url(`${shots}/many.html`));
await page.waitForFunction(() => /of \d{6}/.test(document.querySelector(".detail h3")?.innerText ?? ""));
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
console.log(`100,000 steps: one took ${times[40].toFixed(1)} ms in the middle, ${times[75].toFixed(1)} at the 95th of 100, ${times[79].toFixed(1)} at most`);
await check(async () => errors.length === 0, `the page reported: ${errors.join("; ")}`);
await browser.close();
process.exit(wrong ? 1 : 0);
