// Who ran when?  The steps of one vCPU around the current one, in time: a lane for each level, an arrow for each exit and entry, an axis;
// and below, where in the whole recording that is.  Two recordings have one scale.
import { useEffect, useRef } from "preact/hooks";
import { ERET, FORWARD, LANES, laneOf, lowerBound } from "./trace.js";

const LEFT = 44;
const RIGHT = 12;
const STRIP = 18;
const AXIS = 32;
const NAME = 16; // what the current step is
const MOST = 3000; // steps in one picture
const FONT = "12px system-ui, sans-serif";

// Read once for a picture: the browser computes them for each question.
const NAMES = ["fg", "dim", "line", "sel", "l2", "l1", "l0", "new"];
const colours = () => {
	const css = getComputedStyle(document.documentElement);
	return Object.fromEntries(NAMES.map((name) => [name, css.getPropertyValue(`--${name}`)]));
};

function head(g, x, y, down) {
	g.beginPath();
	g.moveTo(x, y);
	g.lineTo(x - 3.5, y - (down ? 6 : -6));
	g.lineTo(x + 3.5, y - (down ? 6 : -6));
	g.fill();
}

function arrow(g, x, from, to, colour, width) {
	g.strokeStyle = g.fillStyle = colour;
	g.lineWidth = width;
	g.beginPath();
	g.moveTo(x, from);
	g.lineTo(x, to - Math.sign(to - from) * 4);
	g.stroke();
	head(g, x, to, to > from);
}

// Nanoseconds that the steps around the current one take, and where these begin.
function natural(trace, now, around) {
	const own = trace.ofVcpu.get(trace.at(now).vcpu);
	const at = lowerBound(own, now);
	const first = Math.max(0, Math.min(at - around, own.length - 2 * around - 1));
	const last = Math.min(own.length - 1, Math.max(at + around, 2 * around));
	const from = trace.from[own[first]];
	return { own, from, span: Math.max(trace.until[own[last]] - from, 1) };
}

// Of a window that is longer than a recording's own: around the current step, and not in front of the first.
function windowOf(trace, now, around, span) {
	const own = natural(trace, now, around);
	if (own.span === span) return { ...own, to: own.from + span };
	const from = Math.max(0, Math.min(own.from, trace.from[now] - span / 3));
	return { own: own.own, from, to: from + span };
}

// Position in own of the first step that ends after a time.
function firstAfter(trace, own, time) {
	let low = 0;
	let high = own.length;
	while (low < high) {
		const m = (low + high) >> 1;
		if (trace.until[own[m]] < time) low = m + 1;
		else high = m;
	}
	return low;
}

// 1, 2 or 5 times a power of ten, so that marks of the axis are about that far apart.
function round(distance) {
	const power = 10 ** Math.floor(Math.log10(distance));
	return [1, 2, 5, 10].find((n) => n * power >= distance) * power;
}

function timeWords(ns, step) {
	const [unit, name] = step >= 1e6 ? [1e6, "ms"] : step >= 10 ? [1e3, "µs"] : [1, "ns"];
	const digits = Math.max(0, Math.min(3, -Math.floor(Math.log10(step / unit))));
	return `${(ns / unit).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${name}`;
}

function drawAxis(g, c, trace, { from, to }, x, { top, width }) {
	const step = round(((to - from) / (width - LEFT - RIGHT)) * (width < 600 ? 90 : 120));
	g.font = FONT;
	g.fillStyle = c.dim;
	g.strokeStyle = c.line;
	g.lineWidth = 1;
	g.beginPath();
	g.moveTo(LEFT, top + 0.5);
	g.lineTo(width - RIGHT, top + 0.5);
	for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
		const at = x(t);
		g.moveTo(at, top);
		g.lineTo(at, top + 5);
		const room = width - RIGHT - at;
		const say = (words, y) => room > g.measureText(words).width && g.fillText(words, at + 3, top + y);
		say(timeWords(t, step), 9);
		if (trace.tick === 1) say(`${Math.round(t).toLocaleString("en")} instr.`, 23);
	}
	g.stroke();
}

function drawLanes(g, c, trace, now, span, { top, width, height, around, named }, places) {
	const view = windowOf(trace, now, around, span);
	const { own, from, to: end } = view;
	const x = (t) => LEFT + ((t - from) / (end - from)) * (width - LEFT - RIGHT);
	const lanes = height - AXIS - NAME;
	const lane = (k) => top + (k + 0.5) * (lanes / 3);
	const half = Math.min(11, lanes / 9);
	LANES.forEach((name, k) => {
		g.fillStyle = c[`l${2 - k}`];
		g.font = `600 ${FONT}`;
		g.fillText(name, 14, lane(k));
		g.globalAlpha = 0.1;
		g.fillRect(LEFT, lane(k) - half, width - LEFT - RIGHT, 2 * half);
		g.globalAlpha = 1;
	});
	drawAxis(g, c, trace, view, x, { top: top + lanes + NAME, width });
	if (named) {
		g.font = FONT;
		g.fillStyle = c.dim;
		g.fillText(trace.about, width - RIGHT - g.measureText(trace.about).width, top + 7);
	}
	g.save();
	g.beginPath();
	g.rect(LEFT - 1, top, width - LEFT - RIGHT + 2, lanes);
	g.clip();
	const first = Math.min(firstAfter(trace, own, from), own.length - 1);
	let n = first;
	for (; n < own.length && n < first + MOST && trace.from[own[n]] <= end; n++)
		drawStep(g, c, trace, own[n], n + 1 < own.length ? own[n + 1] : -1, { x, lane, half, top, lanes, now }, places);
	g.restore();
	const words = trace.at(now).reason;
	g.font = `600 ${FONT}`;
	g.fillStyle = c.fg;
	g.fillText(
		words,
		Math.max(LEFT, Math.min(x(trace.from[now]), width - RIGHT - g.measureText(words).width)),
		top + lanes + 5,
	);
	return [own[first], own[Math.max(first, n - 1)]];
}

function drawStep(g, c, trace, i, next, { x, lane, half, top, lanes, now }, places) {
	const kind = trace.at(i);
	const on = i === now;
	const a = x(trace.from[i]);
	const b = Math.max(x(trace.until[i]), a + 2);
	const to = kind.to >= 0 && kind.to < 5 ? laneOf(kind.to) : -1;
	if (on) {
		g.fillStyle = c.sel;
		g.fillRect(a - 2, top + 2, b - a + 4, lanes - 4);
	}
	g.fillStyle = c.l0;
	g.globalAlpha = on ? 1 : 0.6;
	g.fillRect(a, lane(2) - half, b - a, 2 * half);
	g.globalAlpha = 1;
	if (next >= 0) {
		const of = laneOf(trace.at(next).from);
		g.fillStyle = c[`l${2 - of}`];
		g.fillRect(b, lane(of) - half, Math.max(1, x(trace.from[next]) - b), 2 * half);
	}
	if (!kind.mark) arrow(g, a, lane(laneOf(kind.from)) + half, lane(2) - half, on ? c.fg : c.dim, on ? 2 : 1);
	if (to >= 0)
		arrow(
			g,
			b,
			lane(2) - half,
			lane(to) + half,
			kind.flags & FORWARD ? c.new : kind.flags & ERET ? c.l2 : on ? c.fg : c.dim,
			on ? 2 : 1.2,
		);
	places.push({ i, a, b, top, bottom: top + lanes + NAME + AXIS });
}

// The whole recording: each column has the colour of L2 as far as its steps came from there. Drawn once for each width
// and scheme.
function strip(c, trace, width, ratio) {
	const key = `${width} ${ratio} ${c.l2}`;
	if (trace.strip?.key === key) return trace.strip.picture;
	const n = trace.length;
	const columns = Math.min(width, n);
	const picture = new OffscreenCanvas(Math.max(1, width * ratio), STRIP * ratio);
	const g = picture.getContext("2d");
	g.scale(ratio, ratio);
	for (let column = 0; column < columns; column++) {
		const from = Math.floor((column * n) / columns);
		const to = Math.max(from + 1, Math.floor(((column + 1) * n) / columns));
		let l2 = 0;
		for (let i = from; i < to; i++) l2 += trace.at(i).from >= 3;
		g.fillStyle = l2 ? c.l2 : c.l1;
		g.globalAlpha = l2 ? 0.35 + (0.65 * l2) / (to - from) : 0.3;
		g.fillRect((column * width) / columns, 4, width / columns + 0.5, STRIP - 8);
	}
	trace.strip = { key, picture };
	return picture;
}

function drawStrip(g, c, trace, [first, last], { top, width, ratio }, places) {
	const n = trace.length;
	const w = Math.max(1, width - LEFT - RIGHT);
	const left = LEFT + (first / n) * w;
	const right = LEFT + ((last + 1) / n) * w;
	g.drawImage(strip(c, trace, w, ratio), LEFT, top, w, STRIP);
	g.strokeStyle = c.fg;
	g.lineWidth = 1.5;
	g.strokeRect(left, top + 2, Math.max(3, right - left), STRIP - 4);
	places.push({ strip: trace, top, bottom: top + STRIP, width: w });
}

export function Lanes({ traces, nows, go, around }) {
	const canvas = useRef();
	const places = useRef([]);
	const draw = useRef();
	draw.current = () => {
		const box = canvas.current;
		const width = box.clientWidth;
		const whole = box.clientHeight;
		const ratio = window.devicePixelRatio || 1;
		const c = colours();
		const g = box.getContext("2d");
		const size = [Math.round(width * ratio), Math.round(whole * ratio)];
		if (box.width !== size[0] || box.height !== size[1]) [box.width, box.height] = size;
		g.setTransform(ratio, 0, 0, ratio, 0, 0);
		g.clearRect(0, 0, width, whole);
		g.textBaseline = "middle";
		places.current = [];
		const span = Math.max(...traces.map((trace, n) => natural(trace, nows[n], around).span));
		box.dataset.span = span; // of both
		traces.forEach((trace, n) => {
			const top = (n * whole) / traces.length;
			const height = whole / traces.length - STRIP;
			const mine = [];
			const place = { top, width, height, around, named: traces.length > 1 };
			const seen = drawLanes(g, c, trace, nows[n], span, place, mine);
			drawStrip(g, c, trace, seen, { top: top + height, width, ratio }, mine);
			places.current.push(...mine.map((place) => ({ ...place, n })));
		});
	};
	useEffect(() => draw.current(), [...traces, ...nows, around]);
	useEffect(() => {
		const again = () => draw.current();
		const size = new ResizeObserver(again);
		const dark = matchMedia("(prefers-color-scheme: dark)");
		size.observe(canvas.current);
		dark.addEventListener("change", again);
		return () => {
			size.disconnect();
			dark.removeEventListener("change", again);
		};
	}, []);
	const click = ({ offsetX: x, offsetY: y }) => {
		const here = places.current.filter((p) => y >= p.top && y < p.bottom);
		const strip = here.find((p) => p.strip);
		const whole = strip?.strip.length;
		const hit = strip
			? {
					n: strip.n,
					i: Math.max(0, Math.min(whole - 1, Math.floor(((x - LEFT) / strip.width) * whole))),
				}
			: here.sort((p, q) => Math.abs((p.a + p.b) / 2 - x) - Math.abs((q.a + q.b) / 2 - x))[0];
		if (hit) go(hit.n, hit.i);
	};
	return (
		<canvas
			ref={canvas}
			style={{ "--lanes": traces.length }}
			onClick={click}
			role="img"
			aria-label="L2, L1 and L0 in time around this step, and the whole recording below"
		/>
	);
}
