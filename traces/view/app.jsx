// What happened at each trap?  Lanes in time, a list to walk through, and everything that is known of the step one is at; or its story.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Detail } from "./detail.jsx";
import { Help } from "./help.jsx";
import { Lanes } from "./lanes.jsx";
import { Legend } from "./legend.jsx";
import { List } from "./list.jsx";
import { Player, usePlayer } from "./player.jsx";
import { Select } from "./select.jsx";
import { Story } from "./story.jsx";
import { Tips } from "./tips.jsx";
import { readLink, writeLink } from "./link.js";
import { said } from "./story.js";
import { LEVELS, lowerBound, vcpuName } from "./trace.js";

const USUAL = {
	step: 0,
	side: 0,
	apart: 0,
	q: "",
	reason: "",
	from: "",
	vcpu: "",
	zoom: 12,
	view: "details",
	speed: 1,
};

// The state of the page, which is that of its address. What is not possible in this recording is as always.
function useLinked(traces, linked, request) {
	const read = () => {
		const state = { ...USUAL, ...(linked ? readLink(location.hash) : {}), ...request };
		const within = (n, step) => Math.min(traces[n].length - 1, Math.max(0, step || 0));
		state.step = within(0, state.step);
		if (traces.length > 1) state.with = within(1, state.with ?? traces[0].partner(traces[1], state.step));
		state.side = traces.length > 1 && state.side === 1 ? 1 : 0;
		state.zoom = Math.min(100, Math.max(3, state.zoom));
		return state;
	};
	const [state, setState] = useState(read);
	const change = (by) => setState((old) => ({ ...old, ...(typeof by === "function" ? by(old) : by) }));
	useEffect(() => {
		if (!linked) return undefined;
		// the browser takes some ms for it, and not more than a few in a second
		const usual = traces.length > 1 ? { ...USUAL, with: traces[0].partner(traces[1], state.step) } : USUAL;
		const was = location.hash; // what somebody goes to meanwhile counts
		const later = setTimeout(() => {
			if (location.hash === was) history.replaceState(null, "", writeLink(state, usual));
		}, 100);
		return () => clearTimeout(later);
	}, [state]);
	useEffect(() => {
		if (!linked) return undefined;
		const hash = () => setState(read());
		window.addEventListener("hashchange", hash);
		return () => window.removeEventListener("hashchange", hash);
	}, []);
	useEffect(() => {
		if (request) setState((old) => ({ ...read(), view: old.view, zoom: old.zoom, speed: old.speed }));
	}, [request]);
	return [state, change];
}

// Keys act where one walks; not in what takes text itself.
function useKeys(keys, search, hit, off) {
	useLayoutEffect(() => {
		// with the drawing: a key that is held down steps from where the page is
		const key = (e) => {
			if (search.current && e.target === search.current) {
				if (e.key === "Enter") {
					hit(e.shiftKey ? -1 : 1);
					e.preventDefault();
				} else if (e.key === "Escape") search.current.blur();
				return;
			}
			if (/^(SELECT|INPUT|TEXTAREA)$/.test(e.target.tagName) || off || e.ctrlKey || e.metaKey || e.altKey) return;
			if (e.key === " " && e.target.tagName === "BUTTON") return;
			const act = keys[e.key];
			if (act) {
				act();
				e.preventDefault();
			}
		};
		window.addEventListener("keydown", key);
		return () => window.removeEventListener("keydown", key);
	});
}

// linked: the address has the state. Else somebody else has the page, who asks for a step and is told where one is.
export function App({ traces, linked = true, request, title, moved }) {
	const [state, change] = useLinked(traces, linked, request);
	const [help, setHelp] = useState(false);
	const [playing, setPlaying] = useState(false);
	const search = useRef();
	const { q, reason, from, vcpu, zoom, side, view, speed } = state;
	const nows = traces.length > 1 ? [state.step, state.with] : [state.step];
	const shown = useMemo(() => traces.map((t) => t.filtered(reason, from, vcpu)), [traces, reason, from, vcpu]);
	const found = useMemo(() => traces.map((t) => t.matches(q, said)), [traces, q]);
	// What the search finds of what the filters leave.
	const hits = useMemo(
		() =>
			found.map((list, n) =>
				shown[n] === traces[n].all ? list : list.filter((i) => shown[n][lowerBound(shown[n], i)] === i),
			),
		[found, shown],
	);
	const reasons = useMemo(
		() => [...new Set(traces.flatMap((t) => t.kinds.map((kind) => kind.reason)))].sort().map((r) => [r, r]),
		[traces],
	);
	const vcpus = useMemo(() => [...new Set(traces.flatMap((t) => t.vcpus))].sort((a, b) => a - b), [traces]);
	const sysregs = useMemo(() => Object.assign({}, ...traces.map((t) => t.sysregs)), [traces]);
	// To a step of a side, which is then the one that is walked; the other one follows unless each is on its own.
	const go = (n, i) =>
		change((old) => {
			const to = Math.min(traces[n].length - 1, Math.max(0, i));
			const next = { side: n, [n ? "with" : "step"]: to };
			if (traces.length > 1 && !old.apart) next[n ? "step" : "with"] = traces[n].partner(traces[1 - n], to);
			return next;
		});
	// By that many places in a sorted list of steps. False: there is nothing further that way.
	const move = (list, by) => {
		const at = lowerBound(list, nows[side]);
		const places = list[at] !== nows[side] && by > 0 ? by - 1 : by;
		const to = list[Math.min(list.length - 1, Math.max(0, at + places))];
		if (to === undefined || to === nows[side]) return false;
		go(side, to);
		return true;
	};
	const hit = (by) => {
		const list = hits[side];
		const at = lowerBound(list, by > 0 ? nows[side] + 1 : nows[side]) - (by < 0);
		if (list.length) go(side, list[(at + list.length) % list.length]);
	};
	const step = (by) => move(shown[side], by);
	const ends = (at) => shown[side].length && go(side, shown[side].at(at));
	usePlayer(
		playing,
		speed,
		nows[side],
		() => step(1),
		() => setPlaying(false),
	);
	useEffect(() => moved?.(nows[0]), [nows[0]]);
	const keys = {
		ArrowRight: () => step(1),
		ArrowDown: () => step(1),
		j: () => step(1),
		ArrowLeft: () => step(-1),
		ArrowUp: () => step(-1),
		k: () => step(-1),
		PageDown: () => step(20),
		PageUp: () => step(-20),
		Home: () => ends(0),
		End: () => ends(-1),
		"]": () => move(traces[side].exitsOfL2(), 1),
		"[": () => move(traces[side].exitsOfL2(), -1),
		n: () => hit(1),
		p: () => hit(-1),
		s: () => change({ view: view === "story" ? "details" : "story" }),
		o: () => traces.length > 1 && change({ side: 1 - side }),
		t: () => traces.length > 1 && change({ apart: state.apart ? 0 : 1 }),
		" ": () => setPlaying(!playing),
		"/": () => search.current.focus(),
		"?": () => setHelp(true),
		"+": () => change({ zoom: Math.max(3, Math.round(zoom / 1.5)) }),
		"-": () => change({ zoom: Math.min(100, Math.round(zoom * 1.5)) }),
	};
	useKeys(keys, search, hit, help);
	const Pane = view === "story" ? Story : Detail;
	return (
		<div class="app">
			<header>
				<h1>{title ?? "firn"}</h1>
				<span class="group">
					<button onClick={() => step(-1)} title="arrow left" aria-label="back">
						←
					</button>
					<button onClick={() => step(1)} title="arrow right" aria-label="step">
						→
					</button>
					<Player
						playing={playing}
						setPlaying={setPlaying}
						speed={speed}
						setSpeed={(s) => change({ speed: s })}
					/>
				</span>
				<span class="group tabs" role="group" aria-label="what is shown">
					{["story", "details"].map((name) => (
						<button aria-pressed={view === name} onClick={() => change({ view: name })} title="s">
							{name}
						</button>
					))}
				</span>
				<span class="group find">
					<input
						ref={search}
						type="search"
						autocomplete="off"
						value={q}
						onInput={(e) => change({ q: e.currentTarget.value })}
						placeholder="search  ( / )"
						aria-label="search"
					/>
					<span class="hits" role="status">
						{q ? `${hits.map((list) => list.length.toLocaleString("en")).join(" + ")} found` : ""}
					</span>
				</span>
				<span class="group filters">
					<Select
						label="only this reason"
						every="every reason"
						value={reason}
						set={(v) => change({ reason: v })}
						options={reasons}
					/>
					<Select
						label="only from this level"
						every="every level"
						value={from}
						set={(v) => change({ from: v })}
						options={LEVELS.slice(0, 5).map((l, i) => [String(i), `from ${l}`])}
					/>
					{vcpus.length > 1 ? (
						<Select
							label="only this vCPU"
							every="every vCPU"
							value={vcpu}
							set={(v) => change({ vcpu: v })}
							options={vcpus.map((v) => [String(v), `vCPU ${vcpuName(v)}`])}
						/>
					) : (
						""
					)}
					{traces.length > 1 ? (
						<label class="together" title="t">
							<input
								type="checkbox"
								checked={!state.apart}
								onChange={(e) => change({ apart: e.currentTarget.checked ? 0 : 1 })}
							/>
							together
						</label>
					) : (
						""
					)}
				</span>
				<button class="help" onClick={() => setHelp(true)} title="?" aria-label="keys">
					?
				</button>
			</header>
			<div class="picture">
				<Lanes traces={traces} nows={nows} go={go} around={zoom} />
				<Legend />
			</div>
			<main class={view}>
				{traces.map((t, n) => (
					<section class={`side ${n === side ? "walked" : ""}`} key={n}>
						<h2>
							{t.about}
							{traces.length > 1 && n === side ? <span class="dim"> · keys walk here</span> : ""}
						</h2>
						<div class="body">
							<List
								trace={t}
								side={n}
								shown={shown[n]}
								now={nows[n]}
								hits={hits[n]}
								go={(i) => go(n, i)}
							/>
							<Pane trace={t} now={nows[n]} />
						</div>
					</section>
				))}
			</main>
			{linked ? <Tips sysregs={sysregs} /> : ""}
			{help ? <Help close={() => setHelp(false)} /> : ""}
		</div>
	);
}
