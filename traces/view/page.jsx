// What happened at each trap?  Lanes in time, a list to walk through, and everything that is known of the step one is
// at.
import { render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Detail } from "./detail.jsx";
import { Help } from "./help.jsx";
import { Lanes } from "./lanes.jsx";
import { List } from "./list.jsx";
import { Select } from "./select.jsx";
import { Trace, LEVELS, lowerBound, vcpuName } from "./trace.js";

function App({ traces }) {
	const trace = traces[0];
	const last = trace.steps.length - 1;
	const fromHash = () =>
		Math.min(last, Math.max(0, parseInt(new URLSearchParams(location.hash.slice(1)).get("step") ?? "0", 10) || 0));
	const [now, setNow] = useState(fromHash);
	const [query, setQuery] = useState("");
	const [reason, setReason] = useState("");
	const [level, setLevel] = useState("");
	const [vcpu, setVcpu] = useState("");
	const [around, setAround] = useState(12);
	const [help, setHelp] = useState(false);
	const search = useRef();
	const go = (i) => setNow(Math.min(last, Math.max(0, i)));
	useEffect(() => {
		// the browser takes some ms for it, and not more than a few in a second
		const later = setTimeout(() => history.replaceState(null, "", `#step=${now}`), 100);
		return () => clearTimeout(later);
	}, [now]);
	const hits = useMemo(() => traces.map((t) => t.matches(query)), [query]);
	const shown = useMemo(() => traces.map((t) => t.filtered(reason, level, vcpu)), [reason, level, vcpu]);
	const reasons = useMemo(
		() => [...new Set(traces.flatMap((t) => t.reasons.map((r) => t.text(r))))].sort().map((r) => [r, r]),
		[],
	);
	const nows = traces.map((t, n) => (n === 0 ? now : trace.partner(t, now)));
	// By that many places in a sorted list of steps.
	const move = (list, by) => {
		if (!list.length) return;
		let at = lowerBound(list, now);
		if (list[at] !== now && by > 0) by--;
		go(list[Math.min(list.length - 1, Math.max(0, at + by))]);
	};
	const hit = (by) => {
		const list = hits[0];
		const at = lowerBound(list, by > 0 ? now + 1 : now) - (by < 0);
		if (list.length) go(list[(at + list.length) % list.length]);
	};
	const step = (by) => move(shown[0], by);
	useLayoutEffect(() => {
		// with the drawing: a key that is held down steps from where the page is
		const key = (e) => {
			if (e.target === search.current) {
				if (e.key === "Enter") {
					hit(e.shiftKey ? -1 : 1);
					e.preventDefault();
				} else if (e.key === "Escape") search.current.blur();
				return;
			}
			if (e.target.tagName === "SELECT" || help || e.ctrlKey || e.metaKey || e.altKey) return;
			const act = {
				ArrowRight: () => step(1),
				ArrowDown: () => step(1),
				j: () => step(1),
				ArrowLeft: () => step(-1),
				ArrowUp: () => step(-1),
				k: () => step(-1),
				PageDown: () => step(20),
				PageUp: () => step(-20),
				Home: () => go(0),
				End: () => go(last),
				"]": () => move(trace.exitsOfL2(), 1),
				"[": () => move(trace.exitsOfL2(), -1),
				n: () => hit(1),
				p: () => hit(-1),
				"/": () => search.current.focus(),
				"?": () => setHelp(true),
				"+": () => setAround(Math.max(3, Math.round(around / 1.5))),
				"-": () => setAround(Math.min(100, Math.round(around * 1.5))),
			}[e.key];
			if (act) {
				act();
				e.preventDefault();
			}
		};
		const hash = () => setNow(fromHash());
		window.addEventListener("keydown", key);
		window.addEventListener("hashchange", hash);
		return () => {
			window.removeEventListener("keydown", key);
			window.removeEventListener("hashchange", hash);
		};
	});
	return (
		<>
			<header>
				<h1>firn</h1>
				<span class="group">
					<button onClick={() => step(-1)} title="arrow left">
						◀ back
					</button>
					<button onClick={() => step(1)} title="arrow right">
						step ▶
					</button>
				</span>
				<span class="group">
					<input
						ref={search}
						type="search"
						value={query}
						onInput={(e) => setQuery(e.currentTarget.value)}
						placeholder="search  ( / )"
						aria-label="search"
					/>
					<span class="hits" role="status">
						{query ? `${hits[0].length} found` : ""}
					</span>
				</span>
				<Select
					label="only this reason"
					every="every reason"
					value={reason}
					set={setReason}
					options={reasons}
				/>
				<Select
					label="only from this level"
					every="from every level"
					value={level}
					set={setLevel}
					options={LEVELS.slice(0, 5).map((l, i) => [String(i), l])}
				/>
				{trace.vcpus.length > 1 ? (
					<Select
						label="only this vCPU"
						every="every vCPU"
						value={vcpu}
						set={setVcpu}
						options={trace.vcpus.map((v) => [String(v), `vCPU ${vcpuName(v)}`])}
					/>
				) : (
					""
				)}
				<button class="help" onClick={() => setHelp(true)} title="?">
					keys ?
				</button>
			</header>
			<Lanes traces={traces} nows={nows} go={go} around={around} />
			<main>
				{traces.map((t, n) => (
					<section class="side" key={n}>
						<h2>{t.about}</h2>
						<div class="body">
							<List
								trace={t}
								side={n}
								shown={shown[n]}
								now={nows[n]}
								hits={hits[n]}
								go={(i) => go(n === 0 ? i : t.partner(trace, i))}
							/>
							<Detail trace={t} now={nows[n]} />
						</div>
					</section>
				))}
			</main>
			{help ? <Help close={() => setHelp(false)} /> : ""}
		</>
	);
}

const traces = JSON.parse(document.getElementById("data").textContent).map((raw) => new Trace(raw));
render(<App traces={traces} />, document.getElementById("app"));
