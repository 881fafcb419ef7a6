// How does the page of firn view begin?  With the recordings that firn put into it.
import { render } from "preact";
import { App } from "./app.jsx";
import { Trace } from "./trace.js";

const traces = JSON.parse(document.getElementById("data").textContent).map((raw) => new Trace(raw));
render(<App traces={traces} />, document.getElementById("app"));
