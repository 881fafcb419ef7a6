// Does the page of firn view work in a real browser?  node page.mjs PLAYWRIGHT-FOLDER PAGE PAGE-OF-TWO SCREENSHOT-FOLDER; prints
// one line for each thing that is wrong and exits with 1.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, page1, page2, shots] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
let wrong = 0;
const check = (good, what) => { if (!good) { wrong++; console.log(`wrong: ${what}`); } };

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true });
const page = await context.newPage();
const errors = [];
page.on("pageerror", (e) => errors.push(e.message));
page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
page.on("request", (r) => { if (!/^(file|data):/.test(r.url())) errors.push(`a request to ${r.url()}`); });
const url = (file) => pathToFileURL(file).href;
// Waits: the list draws the rows in view only, and may be about to.
const now = async () => Number(await page.locator(".row.now").first().getAttribute("data-step"));
const detail = () => page.locator(".detail").first().innerText();

// One recording.
await page.goto(url(page1));
await page.waitForSelector(".row.now");
check((await now()) === 0, "the page begins at step 0");
await page.keyboard.press("ArrowRight");
check((await now()) === 1, "the right arrow steps");
check(page.url().endsWith("#step=1"), "the step is in the address");
check(/HVC #0x0 \(EC 0x16\)/.test(await detail()), "the syndrome is decoded in words");
check((await page.locator(".bits").first().locator("span").count()) > 30, "HCR_EL2 is there bit by bit");
check((await page.locator(".bits").first().locator(".on", { hasText: /^NV$/ }).count()) === 1, "HCR_EL2.NV is set while vEL2 runs");
check((await page.locator(".counts tr").count()) >= 2, "the counts so far are there");
await page.keyboard.press("/");
await page.keyboard.type("VTTBR_EL2");
await page.keyboard.press("Enter");
check(/MSR .*VTTBR_EL2/.test(await detail()), "search finds the write of VTTBR_EL2");
// One for each of the 30 operations; a tick of L1's own timer may add to them.
check(parseInt((await page.locator(".hits").innerText()).match(/(\d+) found/)?.[1] ?? "0") >= 30, "search counts what it finds");
check(/__kvm_vcpu_run_vhe/.test(await detail()), "the function of L1 is named");
await page.keyboard.press("Escape");
const first = await now();
await page.keyboard.press("n");
check((await now()) > first, "n goes to the next one");
await page.screenshot({ path: `${shots}/one-light.png` });
await page.getByLabel("only this reason").selectOption("ERET");
check((await page.locator(".row").allInnerTexts()).every((t) => t.includes("ERET")), "the filter shows that reason only");
await page.getByLabel("only this reason").selectOption("");
await page.goto(`${url(page1)}#step=7`);
await page.reload();
await page.waitForSelector(".row.now");
check((await now()) === 7, "a deep link opens at its step");
await page.evaluate(() => document.activeElement.blur());
await page.keyboard.press("End");
check((await page.locator(".detail h3").first().innerText()).startsWith("Step "), "End goes to the last step");
await page.keyboard.press("Home");
check((await now()) === 0, "Home goes to the first step");
// The register that an emulated write changes is shown as changed.
await page.keyboard.press("/");
await page.keyboard.type("SYSREG:HCR_EL2:W");
await page.keyboard.press("Enter");
check((await page.locator("tr.new", { hasText: "HCR_EL2" }).count()) >= 1, "the changed register is marked");
await page.emulateMedia({ colorScheme: "dark" });
await page.screenshot({ path: `${shots}/one-dark.png` });
check((await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) !== "rgb(255, 255, 255)", "dark is dark");
await page.emulateMedia({ colorScheme: "light" });

// Two side by side.
await page.goto(url(page2));
await page.waitForSelector(".row.now");
check((await page.locator(".side").count()) === 2, "two recordings are side by side");
for (let i = 0; i < 24; i++) await page.keyboard.press("ArrowRight");
await page.screenshot({ path: `${shots}/two.png` });
const steps = await page.evaluate(() => [...document.querySelectorAll(".detail h3:first-child")].map((h) => Number(h.innerText.match(/\d+/)[0])));
check(steps[0] > steps[1], "the second one is kept in step by operation, not by number");

// Many events: stepping stays smooth.
await page.goto(url(page1));
await page.evaluate(() => {
	const [trace] = JSON.parse(document.getElementById("data").textContent), steps = [];
	while (steps.length < 100000) steps.push(...trace.steps);
	trace.steps = steps;
	sessionStorage.setItem("n", steps.length);
	document.getElementById("data").textContent = JSON.stringify([trace]);
	const script = document.createElement("script");
	script.textContent = document.scripts[document.scripts.length - 1].textContent;
	document.getElementById("app").replaceWith(Object.assign(document.createElement("div"), { id: "app" }));
	document.body.append(script);
});
await page.waitForFunction(() => /of \d{6}/.test(document.querySelector(".detail h3")?.innerText ?? ""));
const worst = await page.evaluate(async () => {
	let worst = 0;
	for (let i = 0; i < 40; i++) {
		const from = performance.now();
		window.dispatchEvent(new KeyboardEvent("keydown", { key: i % 8 ? "ArrowRight" : "PageDown" }));
		await new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
		worst = Math.max(worst, performance.now() - from);
	}
	return worst;
});
console.log(`100,000 events: the slowest of 40 steps took ${worst.toFixed(0)} ms`);
check(errors.length === 0, `the page reported: ${errors.join("; ")}`);
await browser.close();
process.exit(wrong ? 1 : 0);
