// Who ran when?  The steps of one vCPU around the current one, in time: a lane for each level, an arrow for each exit
// and entry; and below, where in the whole recording that is.
import { useEffect, useRef } from "preact/hooks";
import { TIME, END, VCPU, FROM, TO, REASON, MARK, KIND, ERET, FORWARD, LANES, laneOf, lowerBound } from "./trace.js";

const LEFT = 44;
const RIGHT = 12;
const AROUND = 12;
const STRIP = 18;

const colours = () => {
	const css = getComputedStyle(document.documentElement);
	return new Proxy({}, { get: (_, name) => css.getPropertyValue(`--${name}`) });
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

// Where a time is between left and right. A mark copies all counts, which no trap does: it takes no time in the picture.
function scale(steps, shown, left, right) {
	const marks = shown.map((i) => steps[i]).filter((s) => s[MARK]);
	const without = (t) => t - marks.reduce((sum, s) => sum + Math.max(0, Math.min(t, s[END]) - s[TIME]), 0);
	const from = without(steps[shown[0]][TIME]);
	const to = Math.max(without(steps[shown.at(-1)][END]), from + 1);
	return (t) => left + ((without(t) - from) / (to - from)) * (right - left);
}

function drawLanes(g, c, trace, now, { top, width, height, around }, places) {
	const steps = trace.steps;
	const own = trace.ofVcpu.get(steps[now][VCPU]);
	const at = lowerBound(own, now);
	const first = Math.max(0, Math.min(at - around, own.length - 2 * around - 1));
	const last = Math.min(own.length - 1, Math.max(at + around, 2 * around));
	const x = scale(steps, own.slice(first, last + 1), LEFT, width - RIGHT);
	const lane = (k) => top + (k + 0.5) * (height / 3);
	const half = Math.min(10, height / 12);
	LANES.forEach((name, k) => {
		g.fillStyle = c[`l${2 - k}`];
		g.font = "600 12px system-ui";
		g.fillText(name, 14, lane(k));
		g.globalAlpha = 0.1;
		g.fillRect(LEFT, lane(k) - half, width - LEFT - RIGHT, 2 * half);
		g.globalAlpha = 1;
	});
	for (let n = first; n <= last; n++) {
		const i = own[n];
		const s = steps[i];
		const on = i === now;
		const a = x(s[TIME]);
		const b = Math.max(x(s[END]), a + 2);
		const to = s[TO] >= 0 && s[TO] < 5 ? laneOf(s[TO]) : -1;
		const next = n < last ? steps[own[n + 1]] : null;
		if (on) {
			g.fillStyle = c.sel;
			g.fillRect(a - 2, top + 2, b - a + 4, height - 4);
		}
		g.fillStyle = c.l0;
		g.globalAlpha = on ? 1 : 0.6;
		g.fillRect(a, lane(2) - half, b - a, 2 * half);
		g.globalAlpha = 1;
		if (next) {
			g.fillStyle = c[`l${2 - laneOf(next[FROM])}`];
			g.fillRect(b, lane(laneOf(next[FROM])) - half, Math.max(1, x(next[TIME]) - b), 2 * half);
		}
		if (!s[MARK]) arrow(g, a, lane(laneOf(s[FROM])) + half, lane(2) - half, on ? c.fg : c.dim, on ? 2 : 1);
		if (to >= 0)
			arrow(
				g,
				b,
				lane(2) - half,
				lane(to) + half,
				s[KIND] & FORWARD ? c.new : s[KIND] & ERET ? c.l2 : on ? c.fg : c.dim,
				on ? 2 : 1.2,
			);
		places.push({ i, a, b, top, bottom: top + height });
	}
	const s = steps[now];
	const words = trace.text(s[REASON]);
	g.font = "600 12px system-ui";
	g.fillStyle = c.fg;
	g.fillText(
		words,
		Math.max(LEFT, Math.min(x(s[TIME]), width - RIGHT - g.measureText(words).width)),
		Math.min(lane(2) + half + 10, top + height - 6),
	);
}

// The whole recording: each column has the colour of L2 as far as its steps came from there. Drawn once for each width
// and scheme.
function strip(c, trace, width, ratio) {
	const key = `${width} ${ratio} ${c.l2}`;
	if (trace.strip?.key === key) return trace.strip.picture;
	const n = trace.steps.length;
	const columns = Math.min(width, n);
	const picture = new OffscreenCanvas(Math.max(1, width * ratio), STRIP * ratio);
	const g = picture.getContext("2d");
	g.scale(ratio, ratio);
	for (let column = 0; column < columns; column++) {
		const from = Math.floor((column * n) / columns);
		const to = Math.max(from + 1, Math.floor(((column + 1) * n) / columns));
		let l2 = 0;
		for (let i = from; i < to; i++) l2 += trace.steps[i][FROM] >= 3;
		g.fillStyle = l2 ? c.l2 : c.l1;
		g.globalAlpha = l2 ? 0.35 + (0.65 * l2) / (to - from) : 0.3;
		g.fillRect((column * width) / columns, 4, width / columns + 0.5, STRIP - 8);
	}
	trace.strip = { key, picture };
	return picture;
}

function drawStrip(g, c, trace, now, { top, width, around, ratio }, places) {
	const n = trace.steps.length;
	const w = Math.max(1, width - LEFT - RIGHT);
	const x = LEFT + ((now + 0.5) / n) * w;
	const reach = (around / n) * w;
	const left = Math.max(LEFT, x - reach);
	const right = Math.min(LEFT + w, x + reach);
	g.fillStyle = c.line;
	g.fillRect(LEFT, top, w, 1);
	g.drawImage(strip(c, trace, w, ratio), LEFT, top, w, STRIP);
	g.strokeStyle = c.fg;
	g.lineWidth = 1.5;
	g.strokeRect(left, top + 2, Math.max(3, right - left), STRIP - 4);
	places.push({ strip: trace, top, bottom: top + STRIP, width: w });
}

export function Lanes({ traces, nows, go, around = AROUND }) {
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
		box.width = width * ratio;
		box.height = whole * ratio;
		g.scale(ratio, ratio);
		g.textBaseline = "middle";
		places.current = [];
		traces.forEach((trace, n) => {
			const top = (n * whole) / traces.length;
			const height = whole / traces.length - STRIP;
			const mine = [];
			drawLanes(g, c, trace, nows[n], { top, width, height, around }, mine);
			drawStrip(g, c, trace, nows[n], { top: top + height, width, around, ratio }, mine);
			places.current.push(...mine.map((place) => ({ ...place, n })));
		});
	};
	useEffect(() => draw.current(), [...nows, around]);
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
		const hit = strip
			? {
					n: strip.n,
					i: Math.max(
						0,
						Math.min(
							strip.strip.steps.length - 1,
							Math.floor(((x - LEFT) / strip.width) * strip.strip.steps.length),
						),
					),
				}
			: here.sort((p, q) => Math.abs((p.a + p.b) / 2 - x) - Math.abs((q.a + q.b) / 2 - x))[0];
		if (hit) go(hit.n === 0 ? hit.i : traces[1].partner(traces[0], hit.i));
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
