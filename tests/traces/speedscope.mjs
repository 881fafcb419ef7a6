// Does speedscope read what firn exports in the Trace Event Format?  node speedscope.mjs NODE_MODULES JSON SCREENSHOT PROFILE...: each
// PROFILE is a name that has to be among those that it finds. Prints one line for each thing that is wrong and exits with 1.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, json, shot, ...wanted] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true,
	args: ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--allow-file-access-from-files"] });
const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true })).newPage();
const HANGS = 600000; // milliseconds; what takes longer hangs, however loaded the machine is
const wrong = [];
page.on("dialog", (d) => { wrong.push(`speedscope says: ${d.message()}`); d.dismiss(); });
page.on("pageerror", (e) => wrong.push(e.message));
await page.goto(pathToFileURL(`${modules}/speedscope/dist/release/index.html`).href);
await page.locator("input[type=file]").setInputFiles(json);
try {
	await page.waitForFunction(() => /\(\d+\/\d+\)/.test(document.body.innerText), null, { timeout: HANGS });
	await page.getByText(/\(\d+\/\d+\)/).first().click(); // the list of all profiles
	for (const name of wanted)
		await page.waitForFunction((n) => document.body.innerText.includes(n), name, { timeout: HANGS });
} catch (e) {
	wrong.push(`not all profiles are shown: ${e.message.split("\n")[0]}: ${(await page.evaluate(() => document.body.innerText)).slice(0, 300)}`);
}
await page.screenshot({ path: shot });
await browser.close();
for (const line of wrong) console.log(`wrong: ${line}`);
process.exit(wrong.length ? 1 : 0);
