// What happened at each trap?  Lanes in time, a list to walk through, and everything that is known of the step one is at.
import { render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import { Lanes } from "./lanes.jsx";
import { Trace, TIME, VCPU, FROM, TO, REASON, CAUSE, CONTROL, WORDS, FUNC, PC, ESR, COST, VALUE, HCR, KIND, TO_VCPU, NOTES, ERET, FORWARD, TO_GUEST, LEVELS, LANES, laneOf, lowerBound, vcpuName } from "./trace.js";

const CAUSES = ["unknown", "the architecture", "L0's own need", "L1 asked"];
const ROW = 22, MOST_REASONS = 12;
const KEYS = [["← → or k j", "one step"], ["PgUp PgDn", "twenty steps"], ["Home End", "first, last step"], ["[ ]", "exit from L2 before, after"], ["/", "search; Enter, n and p: next and previous"],
	["+ −", "more or fewer steps in the lanes"], ["?", "these keys"]];

const Level = ({ of }) => <b class={LANES[laneOf(of)]}>{LEVELS[of] ?? "the end"}</b>;

function Row({ trace, side, i, now, hit, start, go }) {
	const s = trace.steps[i];
	return (
		<div role="option" id={`side${side}step${i}`} aria-selected={i === now} data-step={i} class={`row ${i === now ? "now" : ""} ${hit ? "hit" : ""}`} style={{ transform: `translateY(${start}px)` }} onClick={() => go(i)}>
			<span class="number">{i}</span>{trace.vcpus.length > 1 ? <span class="vcpu">{vcpuName(s[VCPU])}</span> : ""}
			<span class={LANES[laneOf(s[FROM])]}>{LEVELS[s[FROM]]}</span><span class="dim">{s[KIND] & FORWARD ? "⇑" : s[KIND] & ERET ? "⇓" : "→"}</span>
			<span class={s[TO] >= 0 ? LANES[laneOf(s[TO])] : "dim"}>{LEVELS[s[TO]] ?? "end"}</span><span class="reason">{trace.text(s[REASON])}</span> <span class="dim">{trace.text(s[FUNC])}</span>
		</div>
	);
}

function List({ trace, side, shown, now, hits, go }) {
	const box = useRef(), [, redraw] = useReducer((n) => n + 1, 0), virtual = useRef();
	virtual.current ??= new Virtualizer({ count: shown.length, estimateSize: () => ROW, overscan: 8, getScrollElement: () => box.current,
		scrollToFn: elementScroll, observeElementRect, observeElementOffset, onChange: redraw });
	virtual.current.setOptions({ ...virtual.current.options, count: shown.length });
	useLayoutEffect(() => virtual.current._didMount(), []);
	useLayoutEffect(() => virtual.current._willUpdate());
	const follow = useRef();
	follow.current = () => { const at = lowerBound(shown, now); if (shown[at] === now) virtual.current.scrollToIndex(at, { align: "auto" }); };
	useEffect(() => follow.current(), [now, shown]);
	useEffect(() => {
		const size = new ResizeObserver(() => follow.current());
		size.observe(box.current);
		return () => size.disconnect();
	}, []);
	return (
		<div class={`list ${trace.vcpus.length > 1 ? "several" : ""}`} ref={box} tabIndex={0} role="listbox" aria-label="steps" aria-activedescendant={`side${side}step${now}`}>
			<div style={{ height: `${virtual.current.getTotalSize()}px` }}>
				{virtual.current.getVirtualItems().map((item) => {
					const i = shown[item.index];
					return i === undefined ? null : <Row key={i} trace={trace} side={side} i={i} now={now} hit={hits[lowerBound(hits, i)] === i} start={item.start} go={go} />;
				})}
			</div>
			{shown.length ? "" : <p class="none">no step is left by the filters</p>}
		</div>
	);
}

// was: the value before, or undefined; bits that differ from it are marked.
function Bits({ trace, value, was }) {
	const bits = BigInt(value || 0), differ = was === undefined ? 0n : bits ^ BigInt(was);
	const set = (of, bit) => (of >> BigInt(bit)) & 1n;
	return <div class="bits">{trace.hcr.map(([bit, name]) => <span class={`${set(bits, bit) ? "on" : ""} ${set(differ, bit) ? "differs" : ""}`} title={`bit ${bit}${set(differ, bit) ? ", changed" : ""}`}>{name}</span>)}</div>;
}

// A value in whole bytes, those that differ from the value before it marked.
function Bytes({ value, was }) {
	const digits = (v) => BigInt(v ?? 0).toString(16).padStart(16, "0"), now = digits(value), old = digits(was);
	if (was === undefined) return <code>{now}</code>;
	return <code>{now.match(/../g).map((byte, i) => <span class={byte === old.slice(2 * i, 2 * i + 2) ? "" : "differs"}>{byte}</span>)}</code>;
}

function Counts({ trace, counts, reason }) {
	const most = counts[0]?.[1] ?? 1, rest = counts.slice(MOST_REASONS);
	return (
		<table class="counts">
			{counts.slice(0, MOST_REASONS).map(([of, n]) => <tr class={of === reason ? "this" : ""}><td>{n}</td><td class="bar"><i style={{ width: `${(100 * n) / most}%` }} /></td><td>{trace.text(of)}</td></tr>)}
			{rest.length ? <tr><td>{rest.reduce((sum, [, n]) => sum + n, 0)}</td><td /><td class="dim">{rest.length} more reasons</td></tr> : ""}
		</table>
	);
}

function Registers({ trace, values, changed }) {
	const isId = (name) => trace.text(name).startsWith("ID_"); // they never change
	const order = (a, b) => changed.has(b[0]) - changed.has(a[0]) || isId(a[0]) - isId(b[0]) || (trace.slots[trace.text(a[0])] ?? 4096) - (trace.slots[trace.text(b[0])] ?? 4096) || a[0] - b[0];
	return (
		<table class="registers">
			<tr class="dim"><th>VNCR</th><th>register</th><th>value</th><th /></tr>
			{[...values].sort(order).map(([name, value]) => {
				const change = changed.get(name), slot = trace.slots[trace.text(name)];
				return <tr key={name} class={change ? "new" : ""}><td class="dim">{slot === undefined ? "" : `0x${slot.toString(16).padStart(3, "0")}`}</td><td>{trace.text(name)}</td><td><Bytes value={value} was={change?.was} /></td>
					<td>{change ? (change.byL1 ? "by L1, without a trap" : "by L0") : ""}</td></tr>;
			})}
		</table>
	);
}

function Detail({ trace, now }) {
	const s = trace.steps[now], { values, changed, counts, cost } = useMemo(() => trace.at(now), [trace, now]);
	const name = trace.strings.indexOf("HCR_EL2"), hcr = values.get(name), own = trace.ofVcpu.get(s[VCPU]), before = trace.steps[own[lowerBound(own, now) - 1]];
	return (
		<div class="detail" tabIndex={0} aria-label="this step">
			<h3>Step {now} of {trace.steps.length - 1}, at {(s[TIME] / 1000).toFixed(3)} µs{trace.vcpus.length > 1 ? `, vCPU ${vcpuName(s[VCPU])}` : ""}</h3>
			<div class="what" aria-live="polite">
				<p class="reason">{trace.text(s[REASON])}</p>
				<p class="words">{trace.text(s[WORDS])}</p>
				<p><Level of={s[FROM]} /> trapped{s[FUNC] ? <> in <code>{trace.text(s[FUNC])}</code></> : ""} at <code>{s[PC]}</code>.
					Why: {CAUSES[s[CAUSE]]}{s[CONTROL] && trace.text(s[CONTROL]) ? <> (<code>{trace.text(s[CONTROL])}</code>)</> : ""}.</p>
				{s[NOTES] ? <p class="words">{trace.text(s[NOTES])}</p> : ""}
				<p>L0 took {s[COST]} ticks and went on at <Level of={s[TO]} />{s[TO_VCPU] !== s[VCPU] ? ` of vCPU ${vcpuName(s[TO_VCPU])}` : ""}{s[KIND] & ERET ? ", by L1's ERET" : ""}{s[KIND] & FORWARD ? ", with an exception forwarded to L1" : ""}{s[KIND] & TO_GUEST ? ", with an exception to the guest's EL1" : ""}.
					{s[VALUE] ? <> Value: <code>{s[VALUE]}</code>.</> : ""} ESR_EL2 was <code>{s[ESR]}</code>.</p>
			</div>
			<h3>HCR_EL2 of hardware from here on: <code>{s[HCR]}</code></h3>
			<Bits trace={trace} value={s[HCR]} was={before?.[HCR]} />
			<h3>HCR_EL2 as L1 wrote it: <code>{hcr ?? "not in the trace"}</code></h3>
			<Bits trace={trace} value={hcr} was={changed.get(name)?.was} />
			<h3>Traps so far: {now + 1}, {cost} ticks in L0</h3>
			<Counts trace={trace} counts={counts} reason={s[REASON]} />
			<h3>VNCR page and register file{trace.vcpus.length > 1 ? ` of vCPU ${vcpuName(s[VCPU])}` : ""}: {changed.size ? `${changed.size} changed, shown first` : "nothing changed here"}</h3>
			<Registers trace={trace} values={values} changed={changed} />
		</div>
	);
}

function Help({ close }) {
	const box = useRef();
	useEffect(() => box.current.showModal(), []);
	return <dialog ref={box} onClose={close} onClick={() => box.current.close()}><h3>Keys</h3><table>{KEYS.map(([key, does]) => <tr><td><kbd>{key}</kbd></td><td>{does}</td></tr>)}</table>
		<h3>Arrows</h3><p>down: a trap. Up: L0 goes on; <b class="L2">ERET of L1</b>, <b class="forward">an exception forwarded to L1</b>.</p></dialog>;
}

const Select = ({ label, every, value, set, options }) => <select value={value} onChange={(e) => set(e.currentTarget.value)} aria-label={label}><option value="">{every}</option>{options.map(([v, words]) => <option value={v}>{words}</option>)}</select>;

function App({ traces }) {
	const trace = traces[0], last = trace.steps.length - 1;
	const fromHash = () => Math.min(last, Math.max(0, parseInt(new URLSearchParams(location.hash.slice(1)).get("step") ?? "0", 10) || 0));
	const [now, setNow] = useState(fromHash), [query, setQuery] = useState(""), [reason, setReason] = useState(""), [level, setLevel] = useState(""), [vcpu, setVcpu] = useState("");
	const [around, setAround] = useState(12), [help, setHelp] = useState(false), search = useRef();
	const go = (i) => setNow(Math.min(last, Math.max(0, i)));
	useEffect(() => { // the browser takes some ms for it, and not more than a few in a second
		const later = setTimeout(() => history.replaceState(null, "", `#step=${now}`), 100);
		return () => clearTimeout(later);
	}, [now]);
	const hits = useMemo(() => traces.map((t) => t.matches(query)), [query]);
	const shown = useMemo(() => traces.map((t) => t.filtered(reason, level, vcpu)), [reason, level, vcpu]);
	const reasons = useMemo(() => [...new Set(traces.flatMap((t) => t.reasons.map((r) => t.text(r))))].sort().map((r) => [r, r]), []);
	const nows = traces.map((t, n) => (n === 0 ? now : trace.partner(t, now)));
	// By that many places in a sorted list of steps.
	const move = (list, by) => { if (!list.length) return; let at = lowerBound(list, now); if (list[at] !== now && by > 0) by--; go(list[Math.min(list.length - 1, Math.max(0, at + by))]); };
	const hit = (by) => { const list = hits[0], at = lowerBound(list, by > 0 ? now + 1 : now) - (by < 0); if (list.length) go(list[(at + list.length) % list.length]); };
	const step = (by) => move(shown[0], by);
	useLayoutEffect(() => { // with the drawing: a key that is held down steps from where the page is
		const key = (e) => {
			if (e.target === search.current) { if (e.key === "Enter") { hit(e.shiftKey ? -1 : 1); e.preventDefault(); } else if (e.key === "Escape") search.current.blur(); return; }
			if (e.target.tagName === "SELECT" || help || e.ctrlKey || e.metaKey || e.altKey) return;
			const act = { ArrowRight: () => step(1), ArrowDown: () => step(1), j: () => step(1), ArrowLeft: () => step(-1), ArrowUp: () => step(-1), k: () => step(-1),
				PageDown: () => step(20), PageUp: () => step(-20), Home: () => go(0), End: () => go(last), "]": () => move(trace.exitsOfL2(), 1), "[": () => move(trace.exitsOfL2(), -1),
				n: () => hit(1), p: () => hit(-1), "/": () => search.current.focus(), "?": () => setHelp(true),
				"+": () => setAround(Math.max(3, Math.round(around / 1.5))), "-": () => setAround(Math.min(100, Math.round(around * 1.5))) }[e.key];
			if (act) { act(); e.preventDefault(); }
		};
		const hash = () => setNow(fromHash());
		window.addEventListener("keydown", key); window.addEventListener("hashchange", hash);
		return () => { window.removeEventListener("keydown", key); window.removeEventListener("hashchange", hash); };
	});
	return <>
		<header>
			<h1>firn</h1>
			<span class="group"><button onClick={() => step(-1)} title="arrow left">◀ back</button><button onClick={() => step(1)} title="arrow right">step ▶</button></span>
			<span class="group"><input ref={search} type="search" value={query} onInput={(e) => setQuery(e.currentTarget.value)} placeholder="search  ( / )" aria-label="search" />
				<span class="hits" role="status">{query ? `${hits[0].length} found` : ""}</span></span>
			<Select label="only this reason" every="every reason" value={reason} set={setReason} options={reasons} />
			<Select label="only from this level" every="from every level" value={level} set={setLevel} options={LEVELS.slice(0, 5).map((l, i) => [String(i), l])} />
			{trace.vcpus.length > 1 ? <Select label="only this vCPU" every="every vCPU" value={vcpu} set={setVcpu} options={trace.vcpus.map((v) => [String(v), `vCPU ${vcpuName(v)}`])} /> : ""}
			<button class="help" onClick={() => setHelp(true)} title="?">keys ?</button>
		</header>
		<Lanes traces={traces} nows={nows} go={go} around={around} />
		<main>{traces.map((t, n) => <section class="side" key={n}>
			<h2>{t.about}</h2>
			<div class="body">
				<List trace={t} side={n} shown={shown[n]} now={nows[n]} hits={hits[n]} go={(i) => go(n === 0 ? i : t.partner(trace, i))} />
				<Detail trace={t} now={nows[n]} />
			</div></section>)}</main>
		{help ? <Help close={() => setHelp(false)} /> : ""}
	</>;
}

const traces = JSON.parse(document.getElementById("data").textContent).map((raw) => new Trace(raw));
render(<App traces={traces} />, document.getElementById("app"));
