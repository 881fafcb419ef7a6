// What does a word of the page mean?  Bits, registers, reasons and terms in a sentence or two each, for who meets them first.
// The facts of a register (encoding, how vEL2 reaches it, its place in the VNCR page) come from the one list, nv/arch/sysreg_list.h.

// Bits of HCR_EL2 that are set in hardware while a guest runs, or that L1 wrote.
export const HCR = {
	VM: "Stage 2 is on: what the guest takes for physical addresses is translated once more, by the hypervisor's table.",
	SWIO: "A guest's DC ISW becomes a clean and invalidate, so that it cannot throw away what others wrote.",
	PTW: "A walk of stage 1 that meets Device memory in stage 2 faults, instead of reading a device.",
	FMO: "Physical FIQs go to EL2, and the guest gets virtual ones.",
	IMO: "Physical IRQs go to EL2, and the guest gets virtual ones. A guest's write of ICC_SGI1R_EL1 traps.",
	AMO: "Physical SErrors go to EL2, and the guest gets virtual ones.",
	VF: "A virtual FIQ is pending for the guest.",
	VI: "A virtual IRQ is pending for the guest, as long as the bit is set: the way without list registers.",
	VSE: "A virtual SError is pending for the guest; it is taken once.",
	FB: "The guest's TLB and instruction cache maintenance reaches all CPUs, as if it had said so.",
	DC: "While the guest's stage 1 is off, its memory is cacheable all the same.",
	TWI: "WFI traps: somebody else may run while the guest waits.",
	TWE: "WFE traps, likewise.",
	TID0: "Reads of JIDR and the like (AArch32) trap.",
	TID1: "Reads of REVIDR_EL1, AIDR_EL1 and the like trap.",
	TID2: "Reads of the cache ID registers (CTR_EL0, CCSIDR_EL1, CLIDR_EL1) trap.",
	TID3: "Reads of the ID registers trap, so that the hypervisor says which features its guest sees.",
	TSC: "SMC traps: firmware calls of the guest go to the hypervisor.",
	TIDCP: "Accesses to implementation defined registers trap.",
	TACR: "Accesses to ACTLR_EL1 trap.",
	TSW: "Cache maintenance by set and way traps.",
	TPCP: "Cache maintenance to the point of coherency traps.",
	TPU: "Cache maintenance to the point of unification traps.",
	TTLB: "TLB maintenance of EL1 traps.",
	TVM: "Writes of the guest's translation registers (SCTLR_EL1, TTBR0_EL1, TCR_EL1 …) trap.",
	TGE: "Exceptions of EL0 go to EL2: with E2H, EL2 and EL0 are a host and its programs, and no guest runs.",
	TDZ: "DC ZVA, which zeroes a block of memory, traps.",
	HCD: "HVC is undefined.",
	TRVM: "Reads of the guest's translation registers trap.",
	RW: "EL1 is in AArch64.",
	CD: "Data accesses through stage 2 are not cached.",
	ID: "Instruction accesses through stage 2 are not cached.",
	E2H: "EL2 is a host (FEAT_VHE): EL1 names of registers reach those of EL2, and the guest's have EL12 names.",
	TLOR: "Accesses to the LORegion registers trap.",
	TERR: "Accesses to the error record registers trap.",
	TEA: "External aborts go to EL2.",
	APK: "The guest's use of pointer authentication keys does not trap.",
	API: "The guest's pointer authentication instructions do not trap.",
	NV: "Nested virtualization: what belongs to EL2 traps when it is used at EL1, and CurrentEL says EL2.",
	NV1: "The guest hypervisor has E2H = 0: some of its EL1 registers are its guest's, and go to memory or trap too.",
	AT: "Address translation instructions of EL1 (AT S1E1R …) trap.",
	NV2: "FEAT_NV2: register accesses that NV would trap go to memory instead, to the page that VNCR_EL2 names.",
	FWB: "Stage 2 decides alone whether memory is cacheable (FEAT_S2FWB).",
	FIEN: "Fault injection registers do not trap.",
	TID4: "Reads of the cache ID registers trap (FEAT_EVT), without CTR_EL0.",
	TICAB: "IC IALLUIS and IC IALLU trap (FEAT_EVT).",
	AMVOFFEN: "The guest's activity monitors have offsets.",
	TOCU: "Cache maintenance to the point of unification traps (FEAT_EVT).",
	ENSCXT: "SCXTNUM_EL1 and SCXTNUM_EL0 do not trap.",
	TTLBIS: "TLB maintenance of the inner shareable domain traps (FEAT_EVT).",
	TTLBOS: "TLB maintenance of the outer shareable domain traps (FEAT_EVT).",
	ATA: "The guest may use allocation tags (FEAT_MTE2).",
	TID5: "Reads of GMID_EL1 trap.",
	TWEDEN: "A WFE traps only after a delay.",
};

// Registers, by their name without the exception level; numbers in names stand for all.
const REGISTERS = {
	HCR: "Hypervisor configuration: what of the guest traps, where its interrupts go, whether stage 2 is on.",
	VTTBR: "The root of stage 2, and the VMID that marks the guest's TLB entries.",
	VTCR: "The shape of stage 2: how many bits an IPA has, the granule, the level that a walk begins at.",
	VMPIDR: "What the guest reads as MPIDR_EL1: which CPU of its machine it is.",
	VPIDR: "What the guest reads as MIDR_EL1: which CPU it is told that it runs on.",
	SCTLR: "System control: MMU, caches, alignment checks, byte order.",
	ACTLR: "Auxiliary control; the meaning is the implementation's.",
	TTBR0: "The root of the translation tables for low addresses.",
	TTBR1: "The root of the translation tables for high addresses, a kernel's.",
	TCR: "The shape of stage 1: how many bits an address has, the granule, cacheability of walks.",
	MAIR: "Eight memory types, which translation tables choose from.",
	AMAIR: "Auxiliary memory types; the meaning is the implementation's.",
	VBAR: "Where the exception vectors are.",
	ELR: "Where an exception came from; ERET goes back there.",
	SPSR: "The processor state that an exception came from; ERET goes back to it.",
	ESR: "The syndrome: why an exception was taken.",
	FAR: "The address that faulted, as the program used it.",
	HPFAR: "The page of the IPA that faulted in stage 2.",
	SP: "A stack pointer.",
	CPACR: "Who may use floating point, SIMD and SVE.",
	CPTR: "Which use of floating point, SIMD and SVE traps to EL2.",
	MDCR: "Which use of debug and performance monitor registers traps to EL2.",
	HSTR: "Traps of AArch32 system registers by number.",
	HACR: "Auxiliary hypervisor control; the meaning is the implementation's.",
	CNTHCTL: "Which use of timers and counters by the guest traps, and the event stream of EL2.",
	CNTKCTL: "Which use of timers and counters by EL0 traps to the kernel.",
	CNTVOFF: "What is taken off the counter before the guest reads it as virtual time.",
	CNTPOFF: "What is taken off the physical counter before the guest reads it.",
	CNTVCT: "The virtual counter: time, as the guest sees it.",
	CNTPCT: "The physical counter.",
	CNTV_CTL: "The virtual timer's switch, mask and status.",
	CNTV_CVAL: "When the virtual timer fires.",
	CNTV_TVAL: "How long until the virtual timer fires.",
	CNTP_CTL: "The physical timer's switch, mask and status.",
	CNTP_CVAL: "When the physical timer fires.",
	CNTP_TVAL: "How long until the physical timer fires.",
	CNTHP_CTL: "EL2's physical timer: its switch, mask and status.",
	CNTHP_CVAL: "When EL2's physical timer fires.",
	CNTHV_CTL: "EL2's virtual timer: its switch, mask and status.",
	CNTHV_CVAL: "When EL2's virtual timer fires.",
	CNTFRQ: "How fast the counter counts.",
	ICH_LR: "A list register: one virtual interrupt for the guest, with its number, state and priority.",
	ICH_HCR: "Switches the virtual CPU interface on, and its maintenance interrupts.",
	ICH_VMCR: "The guest's view of its CPU interface: priority mask, groups.",
	ICH_VTR: "How many list registers and priority bits the virtual CPU interface has.",
	ICH_AP0R: "Active priorities of virtual group 0 interrupts.",
	ICH_AP1R: "Active priorities of virtual group 1 interrupts.",
	ICH_MISR: "Why the maintenance interrupt is high.",
	ICH_EISR: "List registers whose interrupt has ended and that asked to be told.",
	ICH_ELRSR: "List registers that are empty.",
	ICC_SGI1R: "A write sends a software generated interrupt to other CPUs.",
	ICC_SRE: "The CPU interface is reached by system registers.",
	ICC_IAR1: "A read acknowledges the interrupt, and says its number.",
	ICC_EOIR1: "A write ends an interrupt.",
	ICC_PMR: "Interrupts of lower priority than this wait.",
	ICC_IGRPEN1: "Switches group 1 interrupts on.",
	ICC_CTLR: "How the CPU interface works, such as whether ending an interrupt deactivates it.",
	ICC_DIR: "A write deactivates an interrupt.",
	TPIDR: "A word for software: the thread or CPU pointer.",
	TPIDRRO: "A word that EL1 writes and EL0 may only read.",
	CONTEXTIDR: "Which process runs, for debuggers and trace.",
	VDISR: "What the guest reads as DISR_EL1: a deferred SError.",
	VSESR: "The syndrome of the virtual SError.",
	DISR: "An SError that an ESB instruction has deferred.",
	PAR: "The answer of an AT instruction: a physical address, or why there is none.",
	MPIDR: "Which CPU this is.",
	MIDR: "Who made the CPU, and which it is.",
	VNCR: "FEAT_NV2: the page in memory that stands for registers of EL2.",
	HFGRTR: "Fine-grained traps of reads (FEAT_FGT).",
	HFGWTR: "Fine-grained traps of writes (FEAT_FGT).",
	HFGITR: "Fine-grained traps of instructions (FEAT_FGT).",
	HDFGRTR: "Fine-grained traps of debug and monitor reads (FEAT_FGT).",
	HDFGWTR: "Fine-grained traps of debug and monitor writes (FEAT_FGT).",
	HAFGRTR: "Fine-grained traps of activity monitor reads (FEAT_FGT).",
	HCRX: "More bits of HCR_EL2 (FEAT_HCX).",
	MDSCR: "Debug control of this CPU: single step, monitor debug.",
	OSLAR: "Locks the debug registers.",
	OSDLR: "The OS double lock.",
	PMCR: "Performance monitors: switch, reset, how many counters.",
	PMUSERENR: "What EL0 may do with the performance monitors.",
	ZCR: "How long SVE vectors are.",
	CSSELR: "Which cache CCSIDR_EL1 speaks of.",
	CTR: "Sizes of cache lines.",
	AFSR0: "Auxiliary fault status.",
	AFSR1: "Auxiliary fault status.",
};

// Classes of exceptions and other reasons of a step.
const REASONS = {
	HVC: "Hypervisor call: a guest asks its hypervisor for something.",
	SMC: "Secure monitor call: a call to the firmware, for PSCI for instance.",
	SVC: "Supervisor call: a program asks its kernel for something.",
	ERET: "Exception return: a hypervisor enters its guest, or a kernel its program.",
	WFX: "WFI or WFE: the vCPU has nothing to do.",
	WFI: "Wait for interrupt: the vCPU has nothing to do.",
	WFE: "Wait for event: the vCPU waits for another one.",
	SYSREG: "MSR or MRS: a system register is written or read.",
	TLBI: "TLB maintenance: translations that may be cached are no longer good.",
	AT: "Address translation: how is this address translated?",
	DABT: "Data abort: a load or store met a fault in stage 2.",
	IABT: "Instruction abort: an instruction could not be fetched through stage 2.",
	IRQ: "A physical interrupt, whoever it is for.",
	FIQ: "A physical fast interrupt.",
	SERROR: "A system error, of a bus or memory.",
	FP: "Floating point or SIMD registers are used.",
	SVE: "SVE registers are used.",
	MARK: "How a workload says where a stretch of operations begins. It belongs to the measurement and is not counted.",
};

export const TERMS = {
	vEL2: "Where L1 runs: it believes to be at EL2, and is at hardware's EL1, where HCR_EL2.NV makes what belongs to EL2 trap.",
	L0: "The host hypervisor, firn: the only software at hardware's EL2.",
	L1: "The guest hypervisor: runs under L0 and has a guest of its own.",
	L2: "The guest of the guest.",
	EL0: "Exception level 0: programs.",
	EL1: "Exception level 1: kernels.",
	EL2: "Exception level 2: hypervisors.",
	"L1 EL1": "L1's own kernel level, as a guest of L0.",
	"L1 EL0": "A program of L1.",
	"L2 EL1": "The kernel of L2.",
	"L2 EL0": "A program of L2.",
	trap: "An instruction or event of a guest that makes hardware go to EL2 instead.",
	syndrome: "What hardware writes into ESR_EL2 at an exception: its class and the details of it.",
	"VNCR page":
		"FEAT_NV2: a page of memory in which L1's accesses to EL2 registers end, without a trap. L0 reads it when it needs to.",
	"register file": "L0's own memory for registers of L1 that have no place in the VNCR page.",
	"stage 1": "From virtual addresses to what the guest takes for physical ones, by the guest's tables.",
	"stage 2": "From a guest's physical addresses (IPAs) to real ones, by the hypervisor's tables.",
	"shadow stage 2": "The table that hardware walks while L2 runs: L1's stage 2 and L0's in one, made page by page.",
	IPA: "Intermediate physical address: what a guest takes for a physical address.",
	VMID: "A number that marks the TLB entries of a VM.",
	"list register": "ICH_LR<n>_EL2: a virtual interrupt for the guest, which acknowledges and ends it without a trap.",
	INTID: "The number of an interrupt: below 16 from another CPU, below 32 of this CPU, else of a device.",
	forwarded: "L1 asked for this trap, or it is for L1: L0 makes L1 see an exception at its vEL2.",
	emulated: "L0 does what the instruction would have done for a real hypervisor at EL2, and goes on behind it.",
	instructions: "What an operation takes, counted by the machine's clock: one instruction each nanosecond.",
	vCPU: "A CPU of a virtual machine. Its name here is that of the VM and its own number.",
	"merged HCR_EL2": "Hardware's HCR_EL2: what L0 needs, and while L2 runs also what L1 asked for.",
};

// How vEL2 reaches a register: enum sysreg_access.
const ACCESS = [
	(slot) => `For L1 it is memory on Armv8.4, at ${slot} of the VNCR page; on Armv8.3 its EL2 name traps.`,
	(slot, rel) =>
		`With L1's E2H = 1 it is hardware's ${rel || "own"}; with E2H = 0 it is in the VNCR page${slot ? `, at ${slot}` : ""}.`,
	(slot, rel) =>
		`Another name of ${rel}, for a hypervisor with E2H = 1${slot ? `; on Armv8.4 memory, at ${slot} of the VNCR page` : "; it traps"}.`,
	(slot, rel) => `On Armv8.4 hardware uses ${rel} when L1 names it; on Armv8.3 it traps.`,
	() => "It traps from vEL2, on Armv8.3 and on Armv8.4: it would take effect at once.",
	() => "An ID register: HCR_EL2.TID3 makes its reads trap, so that L0 says what L1 sees.",
	() => "Nested virtualization does not change what it is; other controls may trap it.",
	() => "TLB maintenance.",
	() => "Address translation.",
	() => "Cache maintenance.",
	() => "An instruction.",
];

const LEVEL = {
	EL0: "of EL0",
	EL1: "of EL1",
	EL2: "of EL2",
	EL3: "of EL3",
	EL12: "of EL1, as a hypervisor with E2H = 1 names its guest's",
	EL02: "of EL0, as a hypervisor with E2H = 1 names its guest's",
};

const NAME = /^([A-Z][A-Z0-9_]*?)_(EL\d+)$/;
export const isRegister = (word) => NAME.test(word);

// In words, of "HCR_EL2"; facts: of the recording, [encoding, access, slot or -1, rel].
function registerWords(name, facts) {
	const [, stem, level] = name.match(NAME);
	const known = REGISTERS[stem] ?? REGISTERS[stem.replace(/\d+$/, "")];
	const id = /^(ID_|MVFR)/.test(stem) ? "An ID register: which features there are." : "";
	const words = [known ?? id, `Register ${LEVEL[level] ?? ""}.`];
	if (facts) {
		const [encoding, access, slot, rel] = facts;
		const field = (low, bits) => (encoding >> low) & ((1 << bits) - 1);
		words.push(ACCESS[access]?.(slot < 0 ? "" : `0x${slot.toString(16).padStart(3, "0")}`, rel) ?? "");
		words.push(`Encoding S${field(14, 2)}_${field(11, 3)}_C${field(7, 4)}_C${field(3, 4)}_${field(0, 3)}.`);
	}
	return words.filter(Boolean).join(" ");
}

export const knownRegister = (name) => {
	const stem = name.match(NAME)?.[1] ?? "";
	return /^(ID_|MVFR)/.test(stem) || !!(REGISTERS[stem] ?? REGISTERS[stem.replace(/\d+$/, "")]);
};

// A reason such as SYSREG:VTTBR_EL2:W, DABT or "TLBI:VMALLS12E1".
function reasonWords(reason, sysregs) {
	const [first, name, way] = reason.split(":");
	const words = [REASONS[first] ?? "An exception class of ESR_EL2."];
	if (first === "SYSREG" && name) {
		words.unshift(`${way === "R" ? "A read" : "A write"} of ${name}.`);
		if (isRegister(name)) words.push(registerWords(name, sysregs[name]));
	}
	return words.join(" ");
}

// Of any word of the page: { title, words }, or null. sysregs: of the recording.
export function explain(word, sysregs = {}) {
	const [register, bit] = word.split(".");
	if (TERMS[word]) return { title: word, words: TERMS[word] };
	if (bit && register === "HCR_EL2" && HCR[bit]) return { title: word, words: HCR[bit] };
	if (isRegister(register) && (knownRegister(register) || sysregs[register]))
		return { title: word, words: registerWords(register, sysregs[register]) };
	if (REASONS[word.split(":")[0]]) return { title: word, words: reasonWords(word, sysregs) };
	return null;
}

// Words of a sentence that have an explanation; longest first.
export const FINDS = new RegExp(
	[
		"[A-Z][A-Z0-9_]*_EL\\d+(?:\\.[A-Z][A-Z0-9]*)?",
		...Object.keys(TERMS).sort((a, b) => b.length - a.length),
		...Object.keys(REASONS),
	]
		.map((word, i) => (i ? `\\b${word}(?![A-Za-z0-9_])` : `\\b${word}`))
		.join("|"),
	"g",
);
