// What is in a recording?  Steps as experiments/firn/command/page_data.c writes them, and answers that stay quick with a million of them:
// columns are typed arrays, what many steps share is a kind, and what is summed up is found by bisection.

// Columns of a step that are its own.
export const [TIME, END, COST] = ["time", "end", "cost"];
// Columns of a kind, in the order of page_data.c.
const COLUMNS = [
	"vcpu",
	"from",
	"to",
	"reason",
	"cause",
	"control",
	"words",
	"func",
	"pc",
	"esr",
	"value",
	"hcr",
	"mark",
	"stretch",
	"flags",
	"toVcpu",
	"notes",
	"ipa",
	"state",
	"instruction",
	"place",
	"line",
];
const TEXTS = ["reason", "control", "words", "func", "pc", "esr", "value", "hcr", "notes", "ipa", "state"].concat([
	"instruction",
	"place",
	"line",
]);
export const ERET = 1,
	FORWARD = 2,
	TO_GUEST = 4; // bits of flags
export const LEVELS = ["vEL2", "L1 EL1", "L1 EL0", "L2 EL1", "L2 EL0", "L0"];
export const CAUSES = ["unknown", "the architecture", "L0's own need", "L1 asked"];
export const LANES = ["L2", "L1", "L0"];
export const laneOf = (level) => (level >= 5 ? 2 : level >= 3 ? 0 : 1);
export const vcpuName = (v) => `${v >> 3}.${v & 7}`; // VM and vCPU
const PER_STEP = 5;
const PER_CHANGE = 4;

// Of a sorted array: the position of the first element that is not less than x.
export function lowerBound(array, x) {
	let low = 0;
	let high = array.length;
	while (low < high) {
		const m = (low + high) >> 1;
		if (array[m] < x) low = m + 1;
		else high = m;
	}
	return low;
}

// Positions i < n by keyOf(i), as a map from key to a sorted array.
function positions(n, keyOf) {
	const sizes = new Map();
	for (let i = 0; i < n; i++) sizes.set(keyOf(i), (sizes.get(keyOf(i)) ?? 0) + 1);
	sizes.delete(undefined);
	const lists = new Map([...sizes].map(([key, size]) => [key, { list: new Uint32Array(size), used: 0 }]));
	for (let i = 0; i < n; i++) {
		const of = lists.get(keyOf(i));
		if (of) of.list[of.used++] = i;
	}
	return new Map([...lists].map(([key, { list }]) => [key, list]));
}

export class Trace {
	constructor(raw) {
		const { steps, kinds, registers, ...rest } = raw;
		Object.assign(this, rest);
		const n = (this.length = steps.length / PER_STEP);
		this.kinds = kinds.map((row) => this.kindOf(row));
		this.kind = new Uint32Array(n);
		this.time = new Float64Array(n);
		this.end = new Float64Array(n);
		this.cost = new Float64Array(n);
		this.ran = new Float64Array(n); // of the vCPU before it trapped, in ticks
		this.costs = new Float64Array(n + 1); // of all steps before
		this.all = new Uint32Array(n);
		let time = raw.begin;
		for (let i = 0, at = 0; i < n; i++, at += PER_STEP) {
			time += steps[at];
			this.all[i] = i;
			this.time[i] = time;
			this.end[i] = time + steps[at + 1];
			this.kind[i] = steps[at + 2];
			this.cost[i] = steps[at + 3];
			this.ran[i] = steps[at + 4];
			this.costs[i + 1] = this.costs[i] + (this.kinds[this.kind[i]].mark ? 0 : this.cost[i]);
		}
		this.tick = 1e9 / (Number(this.hz) || 1e9); // nanoseconds
		this.unit = this.tick === 1 ? "instructions" : "ticks of the counter"; // -icount: one each nanosecond
		this.ofVcpu = positions(n, (i) => this.at(i).vcpu);
		this.vcpus = [...this.ofVcpu.keys()].sort((a, b) => a - b);
		this.ofReason = positions(n, (i) => (this.at(i).mark ? undefined : this.at(i).reason));
		this.marks = positions(n, (i) => this.at(i).mark).get(1) ?? new Uint32Array(0);
		this.place();
		this.readChanges(registers);
	}
	// A kind by the names of its columns, with its texts.
	kindOf(row) {
		const kind = {};
		COLUMNS.forEach((name, i) => (kind[name] = row[i]));
		for (const name of TEXTS) kind[name] = this.strings[kind[name]] ?? "";
		return kind;
	}
	// All that is shared of a step. Its own: time, end, cost, ran.
	at(i) {
		return this.kinds[this.kind[i]];
	}
	// Where a step begins and ends in the picture: nanoseconds since its vCPU's first step, with what marks and the
	// recording itself took left out. How long a vCPU waited is known only from the clock.
	place() {
		this.from = new Float64Array(this.length);
		this.until = new Float64Array(this.length);
		for (const [vcpu, own] of this.ofVcpu) {
			let at = 0;
			own.forEach((i, k) => {
				const before = k ? own[k - 1] : i;
				if (k && this.at(before).toVcpu === vcpu) at += Math.max(0, this.ran[i] * this.tick);
				else if (k) at += Math.max(0, this.time[i] - this.end[before]);
				this.from[i] = at;
				if (!this.at(i).mark) at += this.cost[i] * this.tick;
				this.until[i] = at;
			});
		}
	}
	// Changes of registers, by vCPU and register, each in the order of steps.
	readChanges(flat) {
		const n = flat.length / PER_CHANGE;
		this.changeStep = new Uint32Array(n);
		this.changeName = new Uint32Array(n);
		this.changeValue = new Uint32Array(n);
		this.changeByL0 = new Uint8Array(n);
		for (let i = 0, at = 0, step = 0; i < n; i++, at += PER_CHANGE) {
			step += flat[at];
			this.changeStep[i] = step;
			this.changeName[i] = flat[at + 1];
			this.changeValue[i] = flat[at + 2];
			this.changeByL0[i] = flat[at + 3];
		}
		const strings = this.strings.length;
		const by = positions(n, (i) => this.at(this.changeStep[i]).vcpu * strings + this.changeName[i]);
		this.changesOf = new Map(this.vcpus.map((v) => [v, []]));
		for (const [key, list] of by)
			this.changesOf.get(Math.floor(key / strings)).push({
				name: this.strings[key % strings],
				list,
				steps: this.changeStep,
			});
	}
	// Of one register: its last change at or before step, or -1.
	lastChange({ list }, step) {
		let low = 0;
		let high = list.length;
		while (low < high) {
			const m = (low + high) >> 1;
			if (this.changeStep[list[m]] <= step) low = m + 1;
			else high = m;
		}
		return low - 1;
	}
	// Registers of the step's vCPU after it; those that changed in it, with what they were and who changed them. What
	// is told of a register first is what it is at the beginning, and no change.
	registersAt(step) {
		const values = new Map();
		const changed = new Map();
		for (const register of this.changesOf.get(this.at(step).vcpu)) {
			const last = this.lastChange(register, step);
			if (last < 0) continue;
			const value = this.strings[this.changeValue[register.list[last]]];
			values.set(register.name, value);
			let first = last;
			let byL1 = false;
			for (; first >= 0 && this.changeStep[register.list[first]] === step; first--)
				byL1 ||= !this.changeByL0[register.list[first]];
			const was = first >= 0 ? this.strings[this.changeValue[register.list[first]]] : undefined;
			if (first < last && was !== undefined && was !== value) changed.set(register.name, { was, byL1 });
		}
		return { values, changed };
	}
	// Traps of each reason up to this step, the most frequent first; and how many in all.
	countsAt(step) {
		const counts = [...this.ofReason]
			.map(([reason, list]) => [reason, lowerBound(list, step + 1)])
			.filter(([, count]) => count)
			.sort((a, b) => b[1] - a[1]);
		return { counts, traps: counts.reduce((sum, [, count]) => sum + count, 0), cost: this.costs[step + 1] };
	}
	// How many traps there are whose kind is so; per operation of the workload, or undefined.
	count(is) {
		const good = this.kinds.map((kind) => !kind.mark && is(kind));
		const stretch = [0, 0, 0, 0];
		let traps = 0;
		for (let i = 0; i < this.length; i++)
			if (good[this.kind[i]]) {
				traps++;
				stretch[this.at(i).stretch]++;
			}
		const [n1, n2] = this.iterations.split(",").map(Number);
		const each = n2 > n1 && stretch[1] + stretch[2] ? (stretch[2] - stretch[1]) / (n2 - n1) : undefined;
		return { traps, each };
	}

	// Everything that the page says of a step is searched.
	matches(query, say = () => "") {
		const q = query.trim().toLowerCase();
		if (!q) return new Uint32Array(0);
		this.said ??= this.kinds.map((kind) =>
			[...TEXTS.map((name) => kind[name]), LEVELS[kind.from], LEVELS[kind.to], CAUSES[kind.cause], say(kind)]
				.join(" ")
				.toLowerCase(),
		);
		const good = this.said.map((words) => words.includes(q));
		const inChange = new Uint8Array(this.length);
		const texts = this.strings.map((words) => words.toLowerCase().includes(q));
		for (let i = 0; i < this.changeStep.length; i++)
			if (texts[this.changeName[i]] || texts[this.changeValue[i]]) inChange[this.changeStep[i]] = 1;
		return this.all.filter((i) => good[this.kind[i]] || inChange[i]);
	}
	filtered(reason, level, vcpu) {
		if (!reason && !level && !vcpu) return this.all;
		const good = this.kinds.map(
			(kind) =>
				(!reason || kind.reason === reason) &&
				(!level || String(kind.from) === level) &&
				(!vcpu || String(kind.vcpu) === vcpu),
		);
		return this.all.filter((i) => good[this.kind[i]]);
	}
	// Step of the k-th exit from L2 and what is behind it: how two recordings are kept in step.
	exitsOfL2() {
		return (this.l2 ??= this.all.filter((i) => this.at(i).from >= 3));
	}
	partner(other, step) {
		const exits = this.exitsOfL2();
		const theirs = other.exitsOfL2();
		const k = lowerBound(exits, step + 1);
		if (k === 0) return Math.min(step, Math.max(0, (theirs[0] ?? other.length) - 1));
		const base = theirs[Math.min(k, theirs.length) - 1] ?? 0;
		const next = theirs[k] ?? other.length;
		return Math.min(base + step - exits[k - 1], next - 1);
	}
}
