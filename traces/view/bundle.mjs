// What runs in a page: one script of a source, what it imports, and the libraries.
import { buildSync } from "esbuild";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// A file beside this one.
export const here = (name) => fileURLToPath(new URL(name, import.meta.url));
export const textOf = (name) => readFileSync(here(name), "utf8");

export const bundle = (name) =>
	buildSync({
		entryPoints: [here(name)],
		bundle: true,
		minify: true,
		write: false,
		format: "iife",
		jsx: "automatic",
		jsxImportSource: "preact",
		target: "es2021",
		charset: "utf8",
	}).outputFiles[0].text;
