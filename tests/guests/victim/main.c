/*
 * How long is L2 hostile?  bootargs "vhe=0|1 seed=S count=N [late=US] [quantum=US] [counted=1] [verbose=FIRST]": N visits to L2. Prints how many instructions of the hostile
 * code ended in an exception of L2's own or an exit, and "ok victim"; or "not ok" and what L1 has lost.  Reads: victim.h.  Next: checks.c.
 */
#include "tests/guests/victim/victim.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "tests/guests/visible/tables.h"
#include "tests/guests/visible/visible.h"

#define EXITS_MAX 1000 /* of one visit */
#define TICKS_MAX 4    /* of one visit */
#define VISITS 64      /* with the same code */
#define LATE_US 1000
#define QUANTUM_US 8
#define ARGUMENT_MAX 32

static uint64_t state, exceptions, exits;
static struct l2 l2;

uint64_t victim_random(void)
{
	state ^= state << 13; /* xorshift64 */
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

unsigned victim_below(unsigned n)
{
	return (unsigned)(victim_random() >> 20) % n;
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	char text[ARGUMENT_MAX];
	const char *at = text;
	uint64_t value;

	return rt_arg(name, text, sizeof(text)) && rt_number(&at, &value) ? value : otherwise;
}

/* --- what L2 runs with --- */

static void map(uint64_t *root, uint64_t ipa, uint64_t pa, unsigned pages, uint64_t attributes)
{
	for (unsigned i = 0; i < pages; i++)
		*tables_descriptor(root, ipa + i * 4096, 3) =
			(pa + i * 4096) | attributes | S2_NORMAL | DESC_AF | DESC_PAGE;
}

static void stage2(uint32_t *code)
{
	uint64_t *root = rt_page();

	map(root, L2_CODE, (uint64_t)code, CODE_WORDS / 1024, S2AP_READ);
	map(root, L2_DATA, checks_data(), 1, S2AP);
	map(root, L2_START, (uint64_t)victim_l2, 1, S2AP_READ);
	write_sysreg(VTCR_EL2, tables_vtcr());
	write_sysreg(VTTBR_EL2, (uint64_t)root | field_put(VTTBR_VMID, 1));
}

/* With its MMU off, so that it begins, and debug events mostly; what else EL1 has is as the last visit left it. */
static void begin_el1(void)
{
	if (victim_below(4) == 0)
		write_sysreg(MDSCR_EL1, 0);
	if (victim_below(2)) /* locked, there are no debug events */
		write_sysreg(OSLAR_EL1, 0);
	write_sysreg(TPIDR_EL1, 0); /* victim_l2 counts there */
	if (visible_vhe())
		write_sysreg(S3_5_C1_C0_0, SCTLR_EL1_RES1 | SCTLR_SPAN); /* SCTLR_EL12 */
	else
		write_sysreg(SCTLR_EL1, SCTLR_EL1_RES1 | SCTLR_SPAN);
}

/* Interrupts and SErrors are L1's, and calls of the firmware; of the rest any of the traps, and virtual interrupts. */
static void begin_controls(void)
{
	uint64_t traps = HCR_TWI | HCR_TWE | HCR_TVM | HCR_TRVM | HCR_TTLB | HCR_TPU | HCR_TPCP | HCR_TSW |
			 HCR_TACR | HCR_TIDCP | HCR_TID3 | HCR_TID2 | HCR_TID1 | HCR_TDZ | HCR_FB | HCR_TEA;
	uint64_t hcr = visible_hcr() | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO | HCR_TSC;
	uint64_t mdcr = read_sysreg(MDCR_EL2) & MDCR_HPMN;

	hcr |= victim_below(2) ? 0 : victim_random() & victim_random() & traps;
	hcr |= victim_below(16) ? 0 : victim_random() & (HCR_VI | HCR_VF | HCR_VSE);
	mdcr |= victim_below(4) ? 0 : victim_random() & (MDCR_TDA | MDCR_TDOSA | MDCR_TDRA);
	mdcr |= victim_below(16) ? 0 : MDCR_TDE | MDCR_TDA | MDCR_TDOSA | MDCR_TDRA;
	write_sysreg(HCR_EL2, hcr);
	write_sysreg(MDCR_EL2, mdcr);
	write_sysreg(CPTR_EL2, visible_vhe() ? (victim_below(4) ? CPACR_FPEN : 0) :
					       CPTR_NVHE_RES1 | (victim_below(4) ? 0 : CPTR_NVHE_TFP));
	if (victim_below(4))
		return;
	write_sysreg(S3_4_C12_C12_0, ICH_LR_PENDING | (victim_below(2) ? ICH_LR_GROUP : 0) |
					     field_put(ICH_LR_PRIORITY, victim_below(32) << 3) | 40);
	write_sysreg(S3_4_C12_C11_7, field_put(ICH_VMCR_VPMR, 0xf8) | field_put(ICH_VMCR_VBPR1, 3) |
					     field_put(ICH_VMCR_VBPR0, 2) | ICH_VMCR_VENG1 | ICH_VMCR_VENG0);
	write_sysreg(S3_4_C12_C11_0, ICH_HCR_EN);
}

/* --- a visit --- */

/* What can go on behind the instruction: a trap, a call, an access to a device. Not what cannot be fetched. */
static bool skip(uint64_t esr)
{
	switch (field_get(ESR_EC, esr)) {
	case EC_HVC64:
		l2.x[0] = ~UINT64_C(0); /* NOT_SUPPORTED */
		return (esr & ESR_IMM16) != IMM_END;
	case EC_IABT_LOW:
	case EC_PC_ALIGN:
	case EC_ILL:
		return false;
	case EC_SOFTSTP_LOW:
		l2.pstate |= PSTATE_SS;
		return true;
	default:
		l2.pc += 4;
		return true;
	}
}

static bool in_code(void)
{
	return l2.pc - L2_CODE < CODE_WORDS * 4;
}

/* A tick ends a visit that is in a loop, and not one that was in WFI. */
static bool go_on(unsigned vector, unsigned *ticks)
{
	if (vector == RT_LOWER_SYNC) {
		checks_no_tick_soon();
		return skip(read_sysreg(ESR_EL2));
	}
	if (vector != RT_LOWER_IRQ)
		return false;
	checks_tick();
	return in_code() && ++*ticks < TICKS_MAX;
}

static void visit(void)
{
	unsigned from = victim_below(CODE_WORDS), ticks = 0;
	bool goes_on = true;

	words_registers(l2.x);
	l2.x[29] = L2_CODE + from * 4;
	l2.x[30] = victim_random() & PSTATE_DAIF;
	l2.pc = L2_START;
	l2.pstate = AT_EL1;
	for (unsigned n = 0; goes_on && n < EXITS_MAX; n++) {
		unsigned vector = victim_enter(&l2);

		exits++;
		goes_on = go_on(vector, &ticks);
	}
	exceptions += read_sysreg(TPIDR_EL1);
}

void guest_main(void)
{
	uint64_t count = number("count", 1000), first = number("verbose", ~UINT64_C(0)),
		 hz = read_sysreg(CNTFRQ_EL0);
	uint32_t *code;

	state = number("seed", 1) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	checks_late_max = number("late", LATE_US) * hz / 1000000;
	words_counted = number("counted", 0);
	checks_quantum = number("quantum", QUANTUM_US) * hz / 1000000;
	visible_start(number("vhe", 0), true);
	visible_reset_controls();
	code = rt_pages(CODE_WORDS / 1024, 4096);
	checks_start(code);
	stage2(code);
	for (uint64_t n = 0; n < count; n++) {
		if (n % VISITS == 0) {
			words_fill(code);
			__asm__ volatile("dsb ish\n\tic ialluis\n\tdsb ish\n\tisb" ::: "memory");
			checks_code();
		}
		if (n >= first)
			rt_print("# visit %lu\n", n);
		begin_controls();
		begin_el1();
		checks_before();
		visit();
		checks_after(n % VISITS == VISITS - 1);
	}
	rt_print("# %lu visits of L2, %lu steps, %lu exits\n", count, exceptions + exits, exits);
	checks_totals();
	rt_print("ok victim\n");
}
