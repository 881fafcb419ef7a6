// What is in a recording?  Steps as experiments/firn/command/view.c writes them, and answers that stay quick with 100,000
// of them: what is summed up over steps is kept every FRAME steps, so that a step anywhere looks at no more than that
// many.

// Columns of a step.
export const [
	TIME,
	END,
	VCPU,
	FROM,
	TO,
	REASON,
	CAUSE,
	CONTROL,
	WORDS,
	FUNC,
	PC,
	ESR,
	COST,
	VALUE,
	HCR,
	MARK,
	KIND,
	TO_VCPU,
	NOTES,
] = Array(19).keys();
export const ERET = 1,
	FORWARD = 2,
	TO_GUEST = 4; // bits of KIND
export const LEVELS = ["vEL2", "L1 EL1", "L1 EL0", "L2 EL1", "L2 EL0", "L0"];
export const LANES = ["L2", "L1", "L0"];
export const laneOf = (level) => (level >= 5 ? 2 : level >= 3 ? 0 : 1);
export const vcpuName = (v) => `${v >> 3}.${v & 7}`; // VM and vCPU
const FRAME = 256;

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

export class Trace {
	constructor(raw) {
		Object.assign(this, raw);
		const n = this.steps.length;
		this.firstReg = new Uint32Array(n + 1);
		for (const [step] of this.registers) this.firstReg[step + 1]++;
		for (let i = 0; i < n; i++) this.firstReg[i + 1] += this.firstReg[i];
		this.all = Array.from({ length: n }, (_, i) => i);
		this.reasons = [...new Set(this.steps.map((s) => s[REASON]))];
		this.vcpus = [...new Set(this.steps.map((s) => s[VCPU]))].sort((a, b) => a - b);
		this.ofVcpu = new Map(this.vcpus.map((v) => [v, []]));
		this.steps.forEach((s, i) => this.ofVcpu.get(s[VCPU]).push(i));
		this.frames = [{ registers: new Map(this.vcpus.map((v) => [v, new Map()])), counts: new Map(), cost: 0 }];
	}
	text(i) {
		return this.strings[i] ?? "";
	}

	// Moves a frame over one step.
	apply(frame, step) {
		const s = this.steps[step];
		const registers = frame.registers.get(s[VCPU]);
		for (let i = this.firstReg[step]; i < this.firstReg[step + 1]; i++)
			registers.set(this.registers[i][1], this.registers[i][2]);
		if (s[MARK]) return; // no trap of the workload
		frame.counts.set(s[REASON], (frame.counts.get(s[REASON]) ?? 0) + 1);
		frame.cost += s[COST];
	}
	copy(frame) {
		return {
			registers: new Map([...frame.registers].map(([v, map]) => [v, new Map(map)])),
			counts: new Map(frame.counts),
			cost: frame.cost,
		};
	}
	// What is summed up over the steps before `step`.
	before(step) {
		const k = Math.floor(step / FRAME);
		while (this.frames.length <= k) {
			const next = this.copy(this.frames.at(-1));
			const from = (this.frames.length - 1) * FRAME;
			for (let i = from; i < from + FRAME; i++) this.apply(next, i);
			this.frames.push(next);
		}
		const frame = this.copy(this.frames[k]);
		for (let i = k * FRAME; i < step; i++) this.apply(frame, i);
		return frame;
	}
	// Registers of the step's vCPU after it; those that changed, with what they were and who changed them; counts of
	// traps.
	at(step) {
		const frame = this.before(step);
		const old = new Map();
		const was = frame.registers.get(this.steps[step][VCPU]);
		for (let i = this.firstReg[step]; i < this.firstReg[step + 1]; i++) {
			const [, name, value, byL0] = this.registers[i];
			const first = old.get(name);
			if (first || was.get(name) !== value)
				old.set(name, { was: first ? first.was : was.get(name), byL1: !byL0 || !!first?.byL1 });
		}
		this.apply(frame, step);
		return { values: was, changed: old, counts: [...frame.counts].sort((a, b) => b[1] - a[1]), cost: frame.cost };
	}

	matches(query) {
		const q = query.toLowerCase();
		const hits = [];
		if (!q) return hits;
		this.words ??= this.steps.map((s) => {
			const named = [REASON, FUNC, CONTROL].map((column) => this.text(s[column])).join(" ");
			return `${named} ${s[PC]} ${s[VALUE]} ${LEVELS[s[FROM]]}`.toLowerCase();
		});
		for (let i = 0; i < this.words.length; i++) if (this.words[i].includes(q)) hits.push(i);
		return hits;
	}
	filtered(reason, level, vcpu) {
		if (!reason && !level && !vcpu) return this.all;
		return this.all.filter((i) => {
			const s = this.steps[i];
			return (
				(!reason || this.text(s[REASON]) === reason) &&
				(!level || String(s[FROM]) === level) &&
				(!vcpu || String(s[VCPU]) === vcpu)
			);
		});
	}
	// Step of the k-th exit from L2 and what is behind it: how two recordings are kept in step.
	exitsOfL2() {
		return (this.l2 ??= this.all.filter((i) => this.steps[i][FROM] >= 3));
	}
	partner(other, step) {
		const exits = this.exitsOfL2();
		const theirs = other.exitsOfL2();
		const k = lowerBound(exits, step + 1);
		if (k === 0) return Math.min(step, Math.max(0, (theirs[0] ?? other.steps.length) - 1));
		const base = theirs[Math.min(k, theirs.length) - 1] ?? 0;
		const next = theirs[k] ?? other.steps.length;
		return Math.min(base + step - exits[k - 1], next - 1);
	}
}
