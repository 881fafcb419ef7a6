/*
 * How does L0 tell what it does?  What can be told from the records alone is left to the host side.
 * Reads: trace.h.  Next: host/report/ring.c.
 */
#include "host/record/trace.h"

#include <libfdt.h>
#include <string.h>

#include "host/core/ich.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/core/places.h"
#include "host/machine/cpu.h"
#include "host/machine/fdt.h"
#include "host/record/code.h"
#include "host/record/ledger.h"
#include "host/report/panic.h"
#include "host/report/pause.h"
#include "host/vm/vm.h"
#include "nv/arch/firn_abi.h"
#include "nv/deliver.h"
#include "nv/eret.h"
#include "nv/translate.h"

static struct trace_cpu cpus[TRACE_MAX_CPUS];
uint64_t trace_on;

/* What was told last on each CPU. */
static struct told {
	enum world world;   /* at the last exit */
	bool lrs;	    /* list registers of L2 were loaded at the last exchange of worlds */
	uint64_t own_lr[4]; /* L1's own, as the last entry of vEL2 told them */
} told[TRACE_MAX_CPUS];

/* What the scans look at: the slots of the page that L1 can change, and the file's registers that decide about traps. */
static uint16_t enc_of_slot[VNCR_PAGE_WORDS];
static unsigned first_slot, end_slot; /* in words, multiples of 4 */
static const uint16_t watched_file[] = { SR_CPTR_EL2, SR_CNTHCTL_EL2, SR_MDCR_EL2, SR_HPFAR_EL2 };
#define WATCHED_FILE (sizeof(watched_file) / sizeof(watched_file[0]))

static void choose_watched(void)
{
	unsigned first = VNCR_PAGE_WORDS, last = 0;

	for (unsigned r = 1; r < SR_COUNT; r++) {
		unsigned word = sysreg_info[r].slot / 8;

		if (sysreg_info[r].slot == NO_SLOT || !sysreg_info[r].write_mask)
			continue;
		enc_of_slot[word] = sysreg_info[r].enc;
		first = word < first ? word : first;
		last = word > last ? word : last;
	}
	first_slot = first & ~3U;
	end_slot = (last + 4) & ~3U;
}

/* The largest power of two that each CPU can have. */
static uint64_t ring_bytes(uint64_t size)
{
	uint64_t bytes = PAGE_SIZE;

	while (TRACE_DATA_OFFSET + 2 * bytes * cpu_count() <= size)
		bytes *= 2;
	return bytes;
}

static void make_area(struct trace_area *area, uint64_t size, uint64_t events)
{
	memset(area, 0, TRACE_DATA_OFFSET);
	area->version = TRACE_AREA_VERSION;
	area->cpus = cpu_count();
	area->ring_bytes = ring_bytes(size);
	area->events = events;
	area->counter_hz = read_sysreg(CNTFRQ_EL0);
	for (unsigned i = 0; i < area->cpus; i++)
		cpus[i] = (struct trace_cpu){
			.ring = &area->ring[i],
			.data = (uint8_t *)area + TRACE_DATA_OFFSET + i * area->ring_bytes,
			.ring_bytes = area->ring_bytes,
			.in_vain_at = TRACE_NEVER_IN_VAIN,
			.events = events,
		};
	for (unsigned i = 0; i < area->cpus; i++)
		cpus[i].next = cpus[i].limit = cpus[i].data;
	__atomic_store_n(&area->magic, TRACE_AREA_MAGIC, __ATOMIC_RELEASE);
}

bool trace_init(const void *fdt, struct quiet_instructions i)
{
	int node = fdt_compatible(fdt, TRACE_COMPATIBLE), bytes;
	const fdt64_t *events = node < 0 ? NULL : fdt_getprop(fdt, node, TRACE_EVENTS_PROPERTY, &bytes);
	uint64_t base, size;

	_Static_assert(TRACE_MAX_CPUS >= MAX_CPUS, "a ring for each CPU");
	if (node < 0)
		return false;
	if (!fdt_reg(fdt, node, 0, &base, &size) || base % PAGE_SIZE ||
	    size < TRACE_DATA_OFFSET + cpu_count() * PAGE_SIZE || !places_is_ram(fdt, base, size))
		stop("%s: its reg is not a piece of RAM with a page for each CPU and one more",
		     TRACE_COMPATIBLE);
	if (fdt_parent_offset(fdt, node) != fdt_path_offset(fdt, "/reserved-memory"))
		stop("%s: it is not in /reserved-memory, so that its memory is anybody's", TRACE_COMPATIBLE);
	places_enter(TRACE_COMPATIBLE, base, size);
	if (!events || bytes != (int)sizeof(*events))
		stop("%s: %s is not a set of events in two cells", TRACE_COMPATIBLE, TRACE_EVENTS_PROPERTY);
	choose_watched();
	make_area(pa_to_va((pa_t){ base }), size, fdt64_ld(events));
	trace_on = 1;
	if (cpu_count() == 1)
		quiet_start(i);
	return true;
}

/* --- registers that changed --- */

static void changed(struct vcpu *v, uint16_t enc, uint16_t slot, uint64_t value, bool by_l0)
{
	TRACE(v, firn_register, .name = enc, .value = value, .slot = slot, .by_l0 = by_l0);
}

static void page_changed(struct vcpu *v, size_t word, bool by_l0)
{
	uint64_t value = vncr_words(&v->nv.file)[word];

	v->trace.seen->page.slot[word] = value;
	if (enc_of_slot[word])
		changed(v, enc_of_slot[word], (uint16_t)(8 * word), value, by_l0);
}

/* Four words at a time, since most of them are as they were. */
static void scan_page(struct vcpu *v, bool by_l0)
{
	uint64_t *seen = v->trace.seen->page.slot;
	const uint64_t *is = vncr_words(&v->nv.file);
	const size_t end = end_slot;

	for (size_t i = first_slot; i < end; i += 4) {
		if (!((is[i] ^ seen[i]) | (is[i + 1] ^ seen[i + 1]) | (is[i + 2] ^ seen[i + 2]) |
		      (is[i + 3] ^ seen[i + 3])))
			continue;
		for (size_t k = i; k < i + 4; k++)
			if (is[k] != seen[k])
				page_changed(v, k, by_l0);
	}
}

static void scan_file(struct vcpu *v, bool by_l0)
{
	for (unsigned i = 0; i < WATCHED_FILE; i++) {
		uint64_t value = vncr_get(&v->nv.file, watched_file[i]);

		if (value != v->trace.seen->file[i]) {
			v->trace.seen->file[i] = value;
			changed(v, sysreg_info[watched_file[i]].enc, NO_SLOT, value, by_l0);
		}
	}
}

static void scan(struct vcpu *v, bool by_l0)
{
	struct trace_cpu *t = v->trace.cpu;
	uint64_t began = read_sysreg(CNTPCT_EL0), records = t->ticks + t->room, ticks;

	if (!(t->events & TRACE_BIT(TRACE_firn_register)))
		return;
	scan_page(v, by_l0);
	scan_file(v, by_l0);
	ticks = read_sysreg(CNTPCT_EL0) - began;
	t->ring->scans++;
	t->ring->scan_ticks += ticks - (t->ticks + t->room - records);
}

/* ID registers do not change, and what L1 sees of them is needed to judge what it reads. */
static void tell_id_registers(struct vcpu *v)
{
	for (unsigned r = 1; r < SR_COUNT; r++)
		if (sysreg_info[r].access == VEL2_ID && vncr_get(&v->nv.file, r))
			changed(v, sysreg_info[r].enc, NO_SLOT, vncr_get(&v->nv.file, r), true);
}

static void tell_all(struct vcpu *v)
{
	TRACE(v, firn_vcpu_state, .vm = v->vm->index, .vcpu = v->index, .state = 1,
	      .mode = nv_wanted_mode(&v->nv) == NV_MODE_V84, .vcpu_pc = v->pc);
	tell_id_registers(v);
	scan(v, true);
}

/* Without memory for what was told of its registers, nothing of the vCPU is recorded. */
static bool begin(struct vcpu *v)
{
	pa_t pa;

	if (!memory_alloc(sizeof(*v->trace.seen), PAGE_SIZE, &pa))
		return false;
	v->trace.seen = pa_to_va(pa);
	memset(v->trace.seen, 0, sizeof(*v->trace.seen));
	return true;
}

void trace_load(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these)
{
	bool is_new = !v->trace.seen;

	(void)none, (void)of, (void)these;
	if (is_new && !begin(v))
		return;
	v->trace.cpu = &cpus[v->queue.cpu->index];
	v->trace.cpu->who = (uint64_t)v->vm->index << 32 | (uint64_t)v->index << 48;
	told[v->queue.cpu->index].world = v->world.loaded;
	if (is_new)
		tell_all(v);
	v->trace.cpu->spent = v->trace.cpu->room = 0;
}

void trace_leave(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these)
{
	struct trace_cpu *t = v->trace.cpu;

	(void)none, (void)of, (void)these;
	t->left += pause_clock() - v->ledger.entered_l0 - (paused.on ? 0 : t->spent);
}

/* --- L1's stack --- */

/* Where is an address of L1's own?  PAR_EL1 is L1's. */
static bool translate_of_l1(uint64_t va, l1_ipa_t *at)
{
	uint64_t kept = read_sysreg(PAR_EL1), par;

	at_s1e1r(va);
	isb();
	par = read_sysreg(PAR_EL1);
	write_sysreg(PAR_EL1, kept);
	at->val = (par & PAR_PA) | (va & (PAGE_SIZE - 1));
	return !(par & PAR_F);
}

static bool read_of_l1(const struct vcpu *v, uint64_t va, uint64_t *value)
{
	l1_ipa_t at;

	return !(va & 7) && translate_of_l1(va, &at) && vm_read_u64(v->vm, at, value);
}

/* A return address that FEAT_PAuth may have signed: above 48 bits of address stands what bit 55 says. */
static uint64_t unsigned_address(uint64_t va)
{
	return va & BIT(55) ? va | BITS(63, 48) : va & ~BITS(63, 48);
}

/*
 * Can v have been called from there?  Its X29 may be the frame pointer of a user, whose half of the addresses is the other one. In an
 * nVHE hypervisor it may hold anything, what a kernel has in it included; a VHE one may have thrown the caller away, which is code of
 * its initialization.
 */
static bool is_caller(const struct vcpu *v, uint64_t va)
{
	l1_ipa_t at;

	return va && !(va & (INSTRUCTION_BYTES - 1)) && !((va ^ v->pc) & BIT(55)) &&
	       (vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_E2H || translate_of_l1(va, &at));
}

/* A frame record of the procedure call standard: the caller's X29, then its X30. False: there is none. */
static bool read_frame(const struct vcpu *v, uint64_t fp, uint64_t *next, uint64_t *caller)
{
	if (!fp || !read_of_l1(v, fp, next) || !read_of_l1(v, fp + 8, caller))
		return false;
	*caller = unsigned_address(*caller);
	return is_caller(v, *caller);
}

/* How many callers there are. *fp is the first one's frame, and becomes that behind the last; 0: that was all. */
static uint32_t walk(const struct vcpu *v, uint64_t *fp, uint64_t caller[TRACE_STACK_FRAMES])
{
	uint64_t next;
	uint32_t n = 0;

	while (n < TRACE_STACK_FRAMES && read_frame(v, *fp, &next, &caller[n])) {
		*fp = next > *fp ? next : 0;
		n++;
	}
	if (n < TRACE_STACK_FRAMES)
		*fp = caller[n] = 0;
	return n;
}

static void tell_frames(struct vcpu *v, uint32_t first, uint32_t frames,
			const uint64_t caller[TRACE_STACK_FRAMES])
{
	struct trace_firn_stack *e =
		trace_begin(v->trace.cpu, TRACE_firn_stack, sizeof(struct trace_firn_stack));

	e->frames = frames;
	e->first = first;
	memcpy((char *)e + offsetof(struct trace_firn_stack, caller0), caller,
	       TRACE_STACK_FRAMES * sizeof(caller[0]));
	trace_end(v->trace.cpu);
}

static void tell_stack(struct vcpu *v)
{
	uint64_t fp = v->gp.x[29];

	for (uint32_t first = 0; !first || (fp && first < TRACE_STACK_MOST); first += TRACE_STACK_FRAMES) {
		uint64_t caller[TRACE_STACK_FRAMES] = { 0 };
		uint32_t n = walk(v, &fp, caller);

		tell_frames(v, first, n, caller);
	}
}

/* --- exits and entries --- */

/* What KVM has an event of its own for. */
static void tell_instruction(struct vcpu *v, uint64_t esr, bool is_mark)
{
	if (is_mark)
		TRACE(v, firn_mark, .number = v->ledger.book->marks, .vcpu_pc = v->pc);
	else if (field_get(ESR_EC, esr) == EC_HVC64)
		TRACE(v, kvm_hvc_arm64, .vcpu_pc = v->pc, .r0 = v->gp.x[0], .imm = esr & ESR_IMM16);
	else if (field_get(ESR_EC, esr) == EC_WFX)
		TRACE(v, kvm_wfx_arm64, .vcpu_pc = v->pc, .is_wfe = (esr & ESR_WFX_TI) != 0);
}

/* What L1's ERET to elr will do; the engine is asked again when it does it. */
static void tell_eret(struct vcpu *v, uint64_t elr)
{
	uint64_t spsr = vcpu_spsr_el2(v, read_sysreg(SPSR_EL12)), hcr = vncr_get(&v->nv.file, SR_HCR_EL2);
	struct nv_eret r = nv_exception_return(spsr, v->pstate, hcr);

	TRACE(v, kvm_nested_eret, .vcpu = v->index, .elr_el2 = elr, .spsr_el2 = spsr,
	      .target_mode = spsr & (SPSR_NRW | SPSR_M), .hcr_el2 = hcr, .pstate = v->pstate, .to = r.to);
}

void trace_signed_eret(struct vcpu *v, uint64_t elr, uint64_t of, uint64_t these)
{
	(void)of, (void)these;
	tell_eret(v, elr);
}

bool trace_exit(struct vcpu *v, enum exit_kind kind)
{
	uint64_t began = read_sysreg(CNTPCT_EL0);
	/* As KVM numbers them; it has none for an FIQ. */
	static const int ret[] = { [EXIT_SYNC] = 2, [EXIT_IRQ] = 0, [EXIT_FIQ] = 3, [EXIT_SERROR] = 1 };
	bool is_sync = kind == EXIT_SYNC, from_vel2 = v->world.loaded == WORLD_VEL2;
	enum ledger_level level = ledger_level(v);
	uint64_t esr = is_sync ? read_sysreg(ESR_EL2) : 0, class = field_get(ESR_EC, esr);
	bool is_mark = v->vm->markers && class == EC_HVC64 && (esr & ESR_IMM16) == FIRN_HVC_MARK;

	uint64_t trapped = class == EC_HVC64 ? v->pc - INSTRUCTION_BYTES : v->pc;
	uint32_t instruction;

	if (paused.on && quiet_exit(v, is_sync, esr))
		return true;
	if (!v->trace.cpu)
		return false;
	v->trace.cpu->room = 0;
	instruction = trace_wants(v, TRACE_kvm_exit) ? code_at_exit(v, trapped) : 0;
	told[v->queue.cpu->index].world = v->world.loaded;
	scan(v, false);
	TRACE(v, kvm_exit, .ret = ret[kind], .esr_ec = (uint32_t) class, .vcpu_pc = v->pc, .esr_el2 = esr,
	      .far_el2 = read_sysreg(FAR_EL2), .hpfar_el2 = read_sysreg(HPFAR_EL2), .pstate = v->pstate,
	      .lr = v->gp.x[30], .fp = v->gp.x[29], .l1_hcr_el2 = vncr_get(&v->nv.file, SR_HCR_EL2),
	      .guest_ticks = v->ledger.entered_l0 - v->ledger.left_l0, .level = (uint8_t)level,
	      .from_vel2 = from_vel2, .is_mark = is_mark, .instruction = instruction);
	if (is_sync)
		tell_instruction(v, esr, is_mark);
	if (is_sync && class == EC_ERET && from_vel2 && !(esr & ESR_ERET_AUTH))
		tell_eret(v, read_sysreg(ELR_EL12));
	if (level == LEDGER_VEL2 && trace_wants(v, TRACE_firn_stack))
		tell_stack(v);
	v->trace.cpu->spent = read_sysreg(CNTPCT_EL0) - began;
	return false;
}

void trace_exception(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these)
{
	uint64_t vbar = read_sysreg(VBAR_EL12), sctlr = read_sysreg(SCTLR_EL12),
		 spsr = v->world.loaded == WORLD_VEL2 ? vcpu_spsr_el2(v, read_sysreg(SPSR_EL12)) :
							read_sysreg(SPSR_EL12);
	uint64_t offset = v->pc - vbar;
	bool sync = !(offset & NV_VECTOR_SERROR);
	uint64_t esr = sync ? read_sysreg(ESR_EL12) : 0;

	(void)none, (void)of, (void)these;
	if (v->world.loaded == WORLD_VEL2)
		TRACE(v, kvm_inject_nested_exception, .vcpu = v->index, .esr_el2 = esr, .type = !sync,
		      .from = offset >= 0x400, .spsr_el2 = spsr, .pc = read_sysreg(ELR_EL12),
		      .source_mode = spsr & (SPSR_NRW | SPSR_M), .hcr_el2 = vncr_get(&v->nv.file, SR_HCR_EL2),
		      .vbar = vbar, .sctlr = sctlr, .new_pc = v->pc, .new_pstate = v->pstate);
	else
		TRACE(v, firn_inject_guest_exception, .esr_el1 = esr, .pc = read_sysreg(ELR_EL12),
		      .spsr_el1 = spsr, .new_pc = v->pc);
}

/* --- exchanges of worlds --- */

struct timer_told {
	uint64_t ctl, cval;
	int index; /* KVM's: the EL1 timers first, the virtual one first */
};

static void timers_of(const struct vcpu *v, bool el1, struct timer_told t[2])
{
	const struct vncr_file *file = &v->nv.file;

	if (el1) {
		t[0] = (struct timer_told){ vncr_get(file, SR_CNTV_CTL_EL0), vncr_get(file, SR_CNTV_CVAL_EL0),
					    0 };
		t[1] = (struct timer_told){ vncr_get(file, SR_CNTP_CTL_EL0), vncr_get(file, SR_CNTP_CVAL_EL0),
					    1 };
	} else {
		t[0] = (struct timer_told){ vncr_get(file, SR_CNTHV_CTL_EL2),
					    vncr_get(file, SR_CNTHV_CVAL_EL2), 2 };
		t[1] = (struct timer_told){ vncr_get(file, SR_CNTHP_CTL_EL2),
					    vncr_get(file, SR_CNTHP_CVAL_EL2), 3 };
	}
}

/* With E2H=1 two timers leave hardware and two take their place; with E2H=0 the EL1 timers stay. */
static void tell_timers(struct vcpu *v)
{
	bool to_vel2 = v->world.loaded == WORLD_VEL2;
	struct timer_told saved[2], restored[2];

	timers_of(v, to_vel2, saved);
	timers_of(v, !to_vel2, restored);
	for (unsigned i = 0; i < 2; i++) {
		if (v->world.vel2_is_vhe || to_vel2)
			TRACE(v, kvm_timer_save_state, .ctl = saved[i].ctl, .cval = saved[i].cval,
			      .timer_idx = saved[i].index);
		if (v->world.vel2_is_vhe || !to_vel2)
			TRACE(v, kvm_timer_restore_state, .ctl = restored[i].ctl, .cval = restored[i].cval,
			      .timer_idx = restored[i].index);
	}
}

static void tell_list_registers(struct vcpu *v)
{
	const uint64_t *lr = vncr_words(&v->nv.file) + SLOT_ICH_LR0_EL2 / 8;
	bool loaded = v->world.loaded == WORLD_GUEST_CONTEXT && v->nested_gic.used;

	if (loaded || told[v->queue.cpu->index].lrs)
		TRACE(v, firn_list_registers, .taken_back = v->world.loaded == WORLD_VEL2, .lr0 = lr[0],
		      .lr1 = lr[1], .lr2 = lr[2], .lr3 = lr[3]);
	told[v->queue.cpu->index].lrs = loaded;
}

/* What L0 itself has put into list registers, for vEL2, as hardware has it now. While its guest runs they are not there. */
static void tell_own_list_registers(struct vcpu *v)
{
	struct told *t = &told[v->queue.cpu->index];
	bool is_new = false;

	for (unsigned n = 0; n < sizeof(t->own_lr) / sizeof(t->own_lr[0]); n++) {
		bool used = v->world.loaded == WORLD_VEL2 && v->vgic.lr_used & BIT(n);
		uint64_t lr = used ? ich_read_lr(n) : 0;

		is_new = is_new || ((lr & ICH_LR_STATE) && lr != t->own_lr[n]);
		t->own_lr[n] = lr;
	}
	if (is_new)
		TRACE(v, firn_list_registers, .is_own = true, .lr0 = t->own_lr[0], .lr1 = t->own_lr[1],
		      .lr2 = t->own_lr[2], .lr3 = t->own_lr[3]);
}

void trace_entry(struct vcpu *v)
{
	struct trace_cpu *t = v->trace.cpu;
	uint64_t began = read_sysreg(CNTPCT_EL0), spent;

	if (!t)
		return;
	spent = t->spent;
	if (v->world.loaded != told[v->queue.cpu->index].world) {
		tell_timers(v);
		tell_list_registers(v);
	}
	if (trace_wants(v, TRACE_firn_list_registers))
		tell_own_list_registers(v);
	scan(v, true);
	TRACE(v, kvm_entry, .vcpu_pc = v->pc, .hcr_el2 = read_sysreg(HCR_EL2), .pstate = v->pstate,
	      .cost = t->left + (paused.on ? paused.now + quiet_rest() : began - spent) -
		      v->ledger.entered_l0,
	      .tracing = spent + read_sysreg(CNTPCT_EL0) - began - t->room, .level = ledger_level(v));
	t->left = 0;
	t->ring->ticks = t->ticks;
}

void trace_first_entry(struct vcpu *v, uint64_t none, uint64_t of, uint64_t these)
{
	(void)none, (void)of, (void)these;
	trace_entry(v);
}

void trace_sys_access(struct vcpu *v, enum sysreg name, bool is_write, enum trace_place place, uint64_t value)
{
	uint16_t enc = sysreg_info[name].enc;

	TRACE(v, kvm_sys_access, .vcpu_pc = v->pc, .is_write = is_write, .Op0 = (uint8_t)(enc >> 14),
	      .Op1 = (enc >> 11) & 7, .CRn = (enc >> 7) & 15, .CRm = (enc >> 3) & 15, .Op2 = enc & 7,
	      .place = (uint8_t)place, .name = enc, .value = value);
	if (place == TRACE_PLACE_AT)
		changed(v, sysreg_info[SR_PAR_EL1].enc, NO_SLOT, read_sysreg(PAR_EL1), true);
}
