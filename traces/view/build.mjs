// Makes one page of the sources and the libraries: node build.mjs OUTPUT. `firn view` puts the data into it.
import { buildSync } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const script = buildSync({
	entryPoints: [here("page.jsx")],
	bundle: true,
	minify: true,
	write: false,
	format: "iife",
	jsx: "automatic",
	jsxImportSource: "preact",
	target: "es2021",
	charset: "utf8",
}).outputFiles[0].text;
const page = readFileSync(here("page.html"), "utf8")
	.replace("/*STYLE*/", () => readFileSync(here("page.css"), "utf8"))
	.replace("/*SCRIPT*/", () => script.replaceAll("</script", "<\\/script"));
writeFileSync(process.argv[2] ?? "page.html.out", page);
