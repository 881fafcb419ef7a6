// What happens at a step, for somebody who has never seen a trap?  Sentences from the syndrome and from what L0 did, and the state that they
// are about.  Everything is of a kind of step, so it is made once for all steps of the kind.
import { FORWARD, TO_GUEST, LEVELS } from "./trace.js";

// "inject|ESR_EL2=0x1|...;lists|of=L2|..." as page_data.c writes it.
export function readState(text) {
	const state = {};
	for (const group of text.split(";").filter(Boolean)) {
		const [name, ...pairs] = group.split("|");
		state[name] = Object.fromEntries(pairs.map((pair) => pair.split("=")));
	}
	return state;
}

const isL2 = (level) => level === 3 || level === 4;
const who = (level) => (isL2(level) ? "L2" : "L1");
const part = (reason, n) => reason.split(":")[n] ?? "";

const asked = (kind) => {
	const by = kind.control ? ` (${kind.control})` : "";
	return [
		`It trapped${by}.`,
		`That belongs to EL2 and ${who(kind.from)} is not there, so hardware trapped it to firn${by}.`,
		`firn has hardware trap that, for reasons of its own${by}.`,
		`L1 asked for this trap${by}.`,
	][kind.cause];
};

const FORWARDED =
	"It is L1's to deal with: firn wrote the syndrome and the place to return to where L1 will look for them, and started L1 at its exception vector.";
const STAY = "The instruction is repeated, and this time it goes through.";

const PLACES = {
	undefined: "For L1 there is no such register: firn made it see an UNDEFINED exception.",
	page: ["firn wrote it into the VNCR page, where L1's registers are.", "firn read it from the VNCR page."],
	file: ["firn noted it in L1's register file.", "firn read it from L1's register file."],
	hardware: [
		"firn put it into hardware's register of EL1, which stands for L1's of EL2.",
		"firn read it from hardware's register of EL1, which stands for L1's of EL2.",
	],
	ID: "firn said what L1 is to see of the CPU.",
	computed: ["firn took it, and computed what follows from it.", "firn computed the value."],
	timer: ["firn set L1's timer.", "firn read L1's timer."],
	interrupt: ["firn did what L1's interrupt controller would do.", "firn asked L1's interrupt controller."],
	TLBI: "firn took away what it had made of the old translation.",
	AT: "firn translated the address as L1's CPU would.",
};

function ofRegister(kind, state) {
	const name = part(kind.reason, 1);
	const write = part(kind.reason, 2) !== "R";
	const begin = `${who(kind.from)} ${write ? "wrote" : "read"} ${name}.`;
	if (name === "ICC_SGI1R_EL1" && !(kind.flags & FORWARD))
		return [
			`${who(kind.from)} sent an interrupt to another vCPU.`,
			"Only the hypervisor below knows where that is: firn marked the interrupt as pending there.",
		];
	if (kind.flags & FORWARD) return [begin, asked(kind), FORWARDED];
	const place = PLACES[state.access?.place];
	const does = Array.isArray(place) ? place[write ? 0 : 1] : (place ?? "firn did it in its place.");
	const later =
		write && ["page", "file"].includes(state.access?.place) && kind.from === 0
			? "Hardware sees it only when L1 enters its guest."
			: "";
	return [begin, asked(kind), does, later];
}

function ofAbort(kind, state) {
	const verb = kind.reason === "IABT" ? "fetched an instruction from" : "reached for";
	const at = `${who(kind.from)} ${verb} address ${kind.ipa || "?"} of what it takes for physical memory`;
	if (state.fault?.result === "0")
		return [
			`${at}, and the shadow stage 2 had no entry for it.`,
			"firn walked L1's stage 2, found where L1 has that page, and made an entry of both translations.",
			STAY,
		];
	if (state.fault?.result === "1")
		return [`${at}, and L1's stage 2 does not let it through: the fault is L1's.`, FORWARDED];
	if (state.mmio)
		return [
			`${at}. There is a device, and no memory: stage 2 leaves the page out.`,
			`firn did what the device would have done: a ${state.mmio.write === "1" ? "write" : "read"} of ${state.mmio.value}. The syndrome said which register and how many bytes.`,
			state.line ? `The device's interrupt went ${state.line.high === "1" ? "high" : "low"}.` : "",
		];
	if (kind.flags & FORWARD) return [`${at}.`, FORWARDED];
	return [`${at}, and stage 2 had no entry for it.`, `firn made one. ${STAY}`];
}

function ofInterrupt(kind, state) {
	const number = state.interrupt?.INTID;
	const begin = `A ${number === undefined ? "" : `physical `}interrupt came${number === undefined ? "" : `, INTID ${number}`}, while ${who(kind.from)} ran.`;
	const way = "Interrupts go to EL2, whoever runs: so firn saw it first.";
	if (kind.flags & FORWARD) return [begin, way, "L1 wants its guest's interrupts: firn left L2, and L1 takes it."];
	if (state.lists)
		return [
			begin,
			way,
			`It is ${state.lists.of}'s: firn put a virtual one into a list register, and ${state.lists.of} takes that without a trap.`,
		];
	return [begin, way, "It was firn's own business, or it waits until its owner runs."];
}

function ofEret(kind) {
	if (kind.from !== 0)
		return [
			"L2 is a hypervisor itself or has a host's programs, and returned from an exception.",
			asked(kind),
			kind.flags & FORWARD ? FORWARDED : "firn returned for it.",
		];
	if (isL2(kind.to))
		return [
			"L1 executed ERET: it enters its guest.",
			"The instruction trapped, because L1 is not at EL2 (HCR_EL2.NV).",
			"Now all that L1 wrote takes effect: firn put L2's registers into hardware, merged L1's HCR_EL2 with its own, and chose the shadow stage 2.",
		];
	return [
		"L1 returned from an exception that it had taken itself.",
		"The instruction trapped, because L1 is not at EL2 (HCR_EL2.NV).",
		"firn put back the state and the address that L1 had saved.",
	];
}

const OTHERS = {
	MARK: () => [
		"The workload makes a mark: a stretch of operations begins or ends here.",
		"That belongs to the measurement.",
	],
	HVC: (kind) =>
		isL2(kind.from)
			? ["L2 called its hypervisor.", "Hardware went to EL2, which is firn and not L1.", FORWARDED]
			: ["L1 called the hypervisor below it.", "That is firn, which answered."],
	SMC: (kind) => [
		`${who(kind.from)} called the firmware.`,
		asked(kind),
		kind.flags & FORWARD ? FORWARDED : "firn is the firmware here, and did as PSCI says.",
	],
	SVC: (kind) => [`A program of ${who(kind.from)} called its kernel.`, kind.flags & FORWARD ? FORWARDED : ""],
	WFX: (kind) => [
		`${who(kind.from)} has nothing to do and waits for an interrupt.`,
		asked(kind),
		kind.flags & FORWARD
			? FORWARDED
			: kind.toVcpu !== kind.vcpu
				? "Another vCPU runs meanwhile."
				: "Nobody else wants the CPU, so it waits and goes on.",
	],
	TLBI: (kind) => [
		`${who(kind.from)} said that translations may have changed (${kind.reason}).`,
		asked(kind),
		kind.flags & FORWARD
			? FORWARDED
			: "firn took away the entries of its shadow stage 2 and of the TLB that were made of them.",
	],
	AT: (kind) => [`${who(kind.from)} asked how an address is translated.`, asked(kind), "firn answered in PAR_EL1."],
	ERET: ofEret,
	SYSREG: ofRegister,
	DABT: ofAbort,
	IABT: ofAbort,
	IRQ: ofInterrupt,
	FIQ: ofInterrupt,
};

// Sentences of what happened and how it goes on.
export function tell(kind) {
	if (kind.told) return kind.told;
	const state = readState(kind.state);
	const of = OTHERS[part(kind.reason, 0)];
	const said = of
		? of(kind, state)
		: [
				`${who(kind.from)} trapped: ${kind.words}.`,
				asked(kind),
				kind.flags & FORWARD ? FORWARDED : "firn dealt with it.",
			];
	if (kind.flags & TO_GUEST) said.push(`firn made ${who(kind.to)}'s own EL1 see an exception.`);
	kind.told = said.filter(Boolean);
	return kind.told;
}

// One word for the way from L0 on.
export const wayOn = (kind) =>
	kind.to < 0
		? "the end"
		: kind.flags & FORWARD
			? "forwarded"
			: part(kind.reason, 0) === "ERET" && isL2(kind.to)
				? "enters L2"
				: kind.toVcpu !== kind.vcpu
					? "another vCPU"
					: "goes on";

const LR_STATES = ["invalid", "pending", "active", "pending and active"];
function listRegister(value) {
	const lr = BigInt(value);
	const words = [`INTID ${lr & 0xffffffffn}`, LR_STATES[Number(lr >> 62n)]];
	if ((lr >> 61n) & 1n) words.push(`linked to ${(lr >> 32n) & 0x1fffn}`);
	return words.join(", ");
}

const rows = (group) => Object.entries(group);
const STATES = {
	inject: (g) => ({ title: "What L1 finds", rows: rows(g) }),
	guest: (g) => ({ title: "What the guest's EL1 finds", rows: rows(g) }),
	eret: (g) => ({ title: "What L1 asked for", rows: rows(g) }),
	fault: (g) => ({
		title: "One translation made of two",
		rows: rows(g).filter(([name, value]) => name !== "result" && !(g.result === "1" && name === "L1's IPA")),
	}),
	mmio: (g) => ({
		title: "The device",
		rows: [
			["IPA", g.IPA],
			[g.write === "1" ? "written" : "read", g.value],
			["bytes", g.bytes],
		],
	}),
	interrupt: (g) => ({ title: "The interrupt", rows: rows(g) }),
	line: (g) => ({
		title: "L1's interrupt controller",
		rows: [
			["INTID", g.INTID],
			["line", g.high === "1" ? "high" : "low"],
		],
	}),
	lists: (g) => ({
		title: `List registers of ${g.of}`,
		rows: rows(g)
			.filter(([name]) => name !== "of")
			.map(([name, value]) => [name, listRegister(value)]),
	}),
};

// The state that the sentences are about. changed: of Trace.registersAt; values likewise.
export function about(kind, { values, changed }) {
	const state = readState(kind.state);
	const cards = [];
	if (state.access) {
		const { register, value, write } = state.access;
		const was = changed.get(register)?.was;
		cards.push({
			title: write === "1" ? "The register, written" : "The register, read",
			rows: [...(was === undefined ? [] : [[`${register} was`, was]]), [register, value]],
		});
	}
	for (const [name, card] of Object.entries(STATES)) if (state[name]) cards.push(card(state[name]));
	const silent = [...changed].filter(([, { byL1 }]) => byL1);
	if (silent.length)
		cards.push({
			title: "Written by L1 without a trap",
			rows: silent.slice(0, 8).map(([name]) => [name, values.get(name)]),
			more: Math.max(0, silent.length - 8),
		});
	return cards.filter((card) => card.rows.length);
}

// For the search: what the story says of a kind.
export const said = (kind) => tell(kind).join(" ") + (kind.to >= 0 ? ` ${LEVELS[kind.to]}` : "");
