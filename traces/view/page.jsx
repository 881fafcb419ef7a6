// What happened at each trap?  Lanes in time, a list to walk through, and everything that is known of the step one is at.
import { render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";

// Columns of a step, as experiments/firn/view.c writes them.
const [TIME, END, VCPU, FROM, TO, REASON, CAUSE, CONTROL, WORDS, FUNC, PC, ESR, COST, VALUE, HCR, MARK, KIND, TO_VCPU, NOTES] = Array(19).keys();
const LEVELS = ["vEL2", "L1 EL1", "L1 EL0", "L2 EL1", "L2 EL0", "L0"];
const LANES = ["L2", "L1", "L0"];
const laneOf = (level) => (level >= 5 ? 2 : level >= 3 ? 0 : 1);
const CAUSES = ["unknown", "the architecture", "L0's own need", "L1 asked"];
const ROW = 22, MARK_SHOWN = 400;

class Trace {
	constructor(raw) {
		Object.assign(this, raw);
		this.text = (i) => this.strings[i] ?? "";
		this.several = this.steps.some((s) => s[VCPU] !== this.steps[0][VCPU]);
		// A level; and of which vCPU, when there are several.
		this.who = (level, vcpu) => (LEVELS[level] ?? "end") + (this.several ? ` ${vcpu >> 3}.${vcpu & 7}` : "");
		this.firstReg = new Uint32Array(this.steps.length + 1);
		for (const [step] of this.registers) this.firstReg[step + 1]++;
		for (let i = 0; i < this.steps.length; i++) this.firstReg[i + 1] += this.firstReg[i];
	}
	// L1's registers after a step, and those that it changed.
	registersAt(step) {
		const values = new Map(), changed = new Set();
		for (let i = 0; i < this.firstReg[step + 1]; i++) {
			const [at, name, value, l0, vcpu] = this.registers[i];
			if (vcpu !== this.steps[step][VCPU]) continue;
			values.set(name, value);
			if (at === step) changed.add(name + (l0 ? "" : " by L1"));
			if (at === step) changed.add(name);
		}
		return { values, changed };
	}
	line(i) {
		const s = this.steps[i];
		return `${String(i).padStart(6)} ${this.who(s[FROM], s[VCPU]).padEnd(6)} → ${this.who(s[TO], s[TO_VCPU]).padEnd(6)} ${this.text(s[REASON])} ${this.text(s[FUNC])}`;
	}
	matches(query) {
		const hits = [];
		if (!query) return hits;
		const q = query.toLowerCase();
		for (let i = 0; i < this.steps.length; i++) {
			const s = this.steps[i];
			if (`${this.text(s[REASON])} ${this.text(s[FUNC])} ${this.text(s[CONTROL])} ${s[PC]} ${s[VALUE]} ${LEVELS[s[FROM]]}`.toLowerCase().includes(q)) hits.push(i);
		}
		return hits;
	}
	// Step of the k-th exit from L2 and what is behind it: how two traces are kept in step.
	exitsOfL2() {
		return (this.l2 ??= this.steps.flatMap((s, i) => (s[FROM] >= 3 ? [i] : [])));
	}
	partner(other, step) {
		const exits = this.exitsOfL2(), theirs = other.exitsOfL2();
		let k = 0, high = exits.length;
		while (k < high) { const m = (k + high) >> 1; if (exits[m] <= step) k = m + 1; else high = m; }
		if (k === 0) return Math.min(step, Math.max(0, (theirs[0] ?? other.steps.length) - 1));
		const base = theirs[Math.min(k, theirs.length) - 1] ?? 0, next = theirs[k] ?? other.steps.length;
		return Math.min(base + step - exits[k - 1], next - 1);
	}
}

function List({ trace, shown, now, hits, go }) {
	const box = useRef(), [, redraw] = useReducer((n) => n + 1, 0), virtual = useRef();
	virtual.current ??= new Virtualizer({ count: shown.length, estimateSize: () => ROW, overscan: 8, getScrollElement: () => box.current,
		scrollToFn: elementScroll, observeElementRect, observeElementOffset, onChange: redraw });
	virtual.current.setOptions({ ...virtual.current.options, count: shown.length });
	useLayoutEffect(() => virtual.current._didMount(), []);
	useLayoutEffect(() => virtual.current._willUpdate());
	useEffect(() => { const at = shown.indexOf(now); if (at >= 0) virtual.current.scrollToIndex(at, { align: "auto" }); }, [now, shown]);
	return (
		<div class="list" ref={box} tabIndex={0} role="listbox" aria-label="steps">
			<div style={{ height: `${virtual.current.getTotalSize()}px` }}>
				{virtual.current.getVirtualItems().map((item) => {
					const i = shown[item.index];
					return <div key={i} role="option" aria-selected={i === now} data-step={i} class={`row ${i === now ? "now" : ""} ${hits.has(i) ? "hit" : ""}`}
						style={{ transform: `translateY(${item.start}px)` }} onClick={() => go(i)}>{trace.line(i)}</div>;
				})}
			</div>
		</div>
	);
}

function Bits({ trace, value }) {
	const bits = BigInt(value || 0);
	return <div class="bits">{trace.hcr.map(([bit, name]) => <span class={(bits >> BigInt(bit)) & 1n ? "on" : ""} title={`bit ${bit}`}>{name}</span>)}</div>;
}

function Counts({ trace, now }) {
	const rows = useMemo(() => {
		const count = new Map();
		for (let i = 0; i <= now; i++) count.set(trace.steps[i][REASON], (count.get(trace.steps[i][REASON]) ?? 0) + 1);
		return [...count].sort((a, b) => b[1] - a[1]).slice(0, 12);
	}, [trace, now]);
	return <table class="counts">{rows.map(([reason, n]) => <tr><td>{n}</td><td>{trace.text(reason)}</td></tr>)}</table>;
}

function Detail({ trace, now }) {
	const s = trace.steps[now], { values, changed } = useMemo(() => trace.registersAt(now), [trace, now]);
	const isId = (name) => trace.text(name).startsWith("ID_"); // they never change
	const hcr = [...values].find(([name]) => trace.text(name) === "HCR_EL2")?.[1];
	return (
		<div class="detail" aria-live="polite">
			<h3>Step {now} of {trace.steps.length - 1}, at {(s[TIME] / 1000).toFixed(3)} µs, VM {s[VCPU] >> 3}, vCPU {s[VCPU] & 7}</h3>
			<p><b class={LANES[laneOf(s[FROM])]}>{LEVELS[s[FROM]]}</b> trapped{s[FUNC] ? <> in <code>{trace.text(s[FUNC])}</code></> : ""} at <code>{s[PC]}</code>: <b>{trace.text(s[REASON])}</b></p>
			<p class="words">{trace.text(s[WORDS])}</p>
			<p>Why: {CAUSES[s[CAUSE]]}{s[CONTROL] && trace.text(s[CONTROL]) ? <> (<code>{trace.text(s[CONTROL])}</code>)</> : ""}. L0 took {s[COST]} ticks and went on at <b class={LANES[laneOf(s[TO])]}>{s[TO] < 0 ? "the end" : trace.who(s[TO], s[TO_VCPU])}</b>
				{s[KIND] & 1 ? ", by L1's ERET" : ""}{s[KIND] & 2 ? ", with an exception forwarded to L1" : ""}{s[KIND] & 4 ? ", with an exception to the guest's EL1" : ""}.</p>
			{s[NOTES] ? <p class="words">{trace.text(s[NOTES])}</p> : ""}
			{s[VALUE] ? <p>Value: <code>{s[VALUE]}</code></p> : ""}
			<h3>ESR_EL2 {s[ESR]}; HCR_EL2 of hardware after it, {s[HCR]}</h3>
			<Bits trace={trace} value={s[HCR]} />
			<h3>HCR_EL2 as L1 wrote it, {hcr ?? "not in the trace"}</h3>
			<Bits trace={trace} value={hcr} />
			<h3>Traps so far</h3>
			<Counts trace={trace} now={now} />
			<h3>VNCR page and register file, {changed.size ? "changed ones first" : "nothing changed here"}</h3>
			<table class="registers">
				{[...values].sort((a, b) => changed.has(b[0]) - changed.has(a[0]) || isId(a[0]) - isId(b[0]) || a[0] - b[0]).map(([name, value]) =>
					<tr class={changed.has(name) ? "new" : ""}><td>{trace.text(name)}</td><td>{value}</td><td>{changed.has(name) ? (changed.has(`${name} by L1`) ? "by L1, without a trap" : "by L0") : ""}</td></tr>)}
			</table>
		</div>
	);
}

// The steps around the current one in time: a lane for each level, arrows for exits and entries.
function Lanes({ traces, nows, go }) {
	const canvas = useRef(), places = useRef([]);
	useEffect(() => {
		const draw = () => {
			const c = canvas.current, w = c.clientWidth, h = c.clientHeight, ratio = window.devicePixelRatio || 1;
			const css = getComputedStyle(document.documentElement), colour = (name) => css.getPropertyValue(name);
			c.width = w * ratio; c.height = h * ratio;
			const g = c.getContext("2d"), part = h / traces.length;
			g.scale(ratio, ratio); g.font = "12px system-ui"; g.textBaseline = "middle";
			places.current = [];
			traces.forEach((trace, n) => {
				const top = n * part, lane = (k) => top + (k + 0.5) * (part / 3);
				const first = Math.max(0, nows[n] - 12), last = Math.min(trace.steps.length - 1, nows[n] + 12);
				const t0 = trace.steps[first][TIME], t1 = Math.max(trace.steps[last][END], t0 + 1);
				// What a mark takes is L0 copying its counts, not the guest's affair: it is drawn short.
				const marks = trace.steps.slice(first, last + 1).filter((s) => s[MARK] && s[END] - s[TIME] > MARK_SHOWN);
				const shown = (t) => t - marks.reduce((gone, s) => gone + Math.max(0, Math.min(t, s[END]) - s[TIME] - MARK_SHOWN), 0);
				const x = (t) => 50 + ((shown(t) - t0) / Math.max(1, shown(t1) - t0)) * (w - 60);
				LANES.forEach((name, k) => { g.fillStyle = colour(`--l${2 - k}`); g.fillText(name, 14, lane(k)); g.fillRect(50, lane(k), w - 60, 0.5); });
				for (let i = first; i <= last; i++) {
					const s = trace.steps[i], a = x(s[TIME]), b = Math.max(x(s[END]), a + 2), from = laneOf(s[FROM]), to = s[TO] < 5 ? laneOf(s[TO]) : 2;
					const on = i === nows[n];
					g.fillStyle = colour("--l0"); g.globalAlpha = on ? 1 : 0.55; g.fillRect(a, lane(2) - 7, b - a, 14);
					g.globalAlpha = 1; g.strokeStyle = colour(on ? "--fg" : "--dim"); g.lineWidth = on ? 2 : 1;
					g.beginPath(); g.moveTo(a, lane(from)); g.lineTo(a, lane(2) - 8); g.lineTo(a - 3, lane(2) - 13); g.moveTo(a, lane(2) - 8); g.lineTo(a + 3, lane(2) - 13);
					g.moveTo(b, lane(2) - 8); g.lineTo(b, lane(to) + 6); g.lineTo(b - 3, lane(to) + 11); g.moveTo(b, lane(to) + 6); g.lineTo(b + 3, lane(to) + 11); g.stroke();
					const next = trace.steps[i + 1];
					if (next && i < last) { g.fillStyle = colour(`--l${2 - laneOf(next[FROM])}`); g.globalAlpha = next[VCPU] === trace.steps[0][VCPU] ? 1 : 0.5; g.fillRect(b, lane(laneOf(next[FROM])) - 6, Math.max(1, x(next[TIME]) - b), 12); g.globalAlpha = 1; }
					if (on) { g.fillStyle = colour("--fg"); g.fillText(trace.text(s[REASON]), Math.min(a + 4, w - 160), lane(2) + 14 < top + part ? lane(2) + 14 : lane(2)); }
					places.current.push([n, i, a, b, top, top + part]);
				}
			});
		};
		draw();
		window.addEventListener("resize", draw);
		const dark = matchMedia("(prefers-color-scheme: dark)");
		dark.addEventListener("change", draw);
		return () => { window.removeEventListener("resize", draw); dark.removeEventListener("change", draw); };
	});
	const click = (e) => {
		const hit = places.current.filter(([, , , , t, b]) => e.offsetY >= t && e.offsetY < b).sort((p, q) => Math.abs(p[2] - e.offsetX) - Math.abs(q[2] - e.offsetX))[0];
		if (hit) go(hit[0] === 0 ? hit[1] : traces[1].partner(traces[0], hit[1]));
	};
	return <canvas ref={canvas} onClick={click} role="img" aria-label="L2, L1 and L0 in time around this step" />;
}

function App({ traces }) {
	const trace = traces[0], last = trace.steps.length - 1;
	const fromHash = () => Math.min(last, Math.max(0, parseInt(new URLSearchParams(location.hash.slice(1)).get("step") ?? "0", 10) || 0));
	const [now, setNow] = useState(fromHash), [query, setQuery] = useState(""), [reason, setReason] = useState(""), [level, setLevel] = useState("");
	const search = useRef();
	const go = (i) => { const to = Math.min(last, Math.max(0, i)); setNow(to); history.replaceState(null, "", `#step=${to}`); };
	const hits = useMemo(() => traces.map((t) => t.matches(query)), [query]);
	const shown = useMemo(() => traces.map((t) => t.steps.map((_, i) => i).filter((i) => (!reason || t.text(t.steps[i][REASON]) === reason) && (!level || String(t.steps[i][FROM]) === level))), [reason, level]);
	const reasons = useMemo(() => [...new Set(traces.flatMap((t) => t.steps.map((s) => t.text(s[REASON]))))].sort(), []);
	const nows = traces.map((t, n) => (n === 0 ? now : trace.partner(t, now)));
	const step = (by) => { const list = shown[0]; if (!list.length) return; let at = list.findIndex((i) => i >= now); if (at < 0) at = list.length; if (list[at] !== now && by > 0) by--; go(list[Math.min(list.length - 1, Math.max(0, at + by))]); };
	const hit = (by) => { const list = hits[0]; const next = by > 0 ? list.find((i) => i > now) ?? list[0] : list.findLast((i) => i < now) ?? list.at(-1); if (next !== undefined) go(next); };
	useEffect(() => {
		const key = (e) => {
			if (e.target === search.current) { if (e.key === "Enter") { hit(e.shiftKey ? -1 : 1); e.preventDefault(); } else if (e.key === "Escape") search.current.blur(); return; }
			if (e.target.tagName === "SELECT" || e.ctrlKey || e.metaKey || e.altKey) return;
			const act = { ArrowRight: () => step(1), ArrowDown: () => step(1), j: () => step(1), ArrowLeft: () => step(-1), ArrowUp: () => step(-1), k: () => step(-1),
				PageDown: () => step(20), PageUp: () => step(-20), Home: () => go(0), End: () => go(last), n: () => hit(1), p: () => hit(-1), "/": () => search.current.focus() }[e.key];
			if (act) { act(); e.preventDefault(); }
		};
		const hash = () => setNow(fromHash());
		window.addEventListener("keydown", key); window.addEventListener("hashchange", hash);
		return () => { window.removeEventListener("keydown", key); window.removeEventListener("hashchange", hash); };
	});
	return <>
		<header>
			<h1>firn</h1>
			<button onClick={() => step(-1)} title="arrow left">◀ back</button><button onClick={() => step(1)} title="arrow right">step ▶</button>
			<input ref={search} value={query} onInput={(e) => setQuery(e.currentTarget.value)} placeholder="search  ( / )" aria-label="search" />
			<span class="hits">{query ? `${hits[0].length} found (n, p)` : ""}</span>
			<select value={reason} onChange={(e) => setReason(e.currentTarget.value)} aria-label="only this reason"><option value="">every reason</option>{reasons.map((r) => <option>{r}</option>)}</select>
			<select value={level} onChange={(e) => setLevel(e.currentTarget.value)} aria-label="only from this level"><option value="">from every level</option>{LEVELS.slice(0, 5).map((l, i) => <option value={String(i)}>{l}</option>)}</select>
			<span class="about">keys: ← → step, PgUp PgDn, Home End, / search</span>
		</header>
		<Lanes traces={traces} nows={nows} go={go} />
		<main>{traces.map((t, n) => <section class="side" key={n}>
			<h2>{t.about}</h2><div />
			<div class="body">
				<List trace={t} shown={shown[n]} now={nows[n]} hits={new Set(hits[n])} go={(i) => go(n === 0 ? i : t.partner(trace, i))} />
				<Detail trace={t} now={nows[n]} />
			</div></section>)}</main>
	</>;
}

const traces = JSON.parse(document.getElementById("data").textContent).map((raw) => new Trace(raw));
render(<App traces={traces} />, document.getElementById("app"));
