// Makes one page of the sources and the libraries: node build.mjs OUTPUT. `firn view` puts the data into it.
import { writeFileSync } from "node:fs";
import { bundle, textOf } from "./bundle.mjs";

const page = textOf("page.html")
	.replace("/*STYLE*/", () => textOf("page.css"))
	.replace("/*SCRIPT*/", () => bundle("page.jsx").replaceAll("</script", "<\\/script"));
writeFileSync(process.argv[2] ?? "page.html.out", page);
