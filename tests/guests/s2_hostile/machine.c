/* How do two CPUs and an L2 come about?  Reads: hostile.h.  Next: broadcast.c. */
#include "nv/arch/pa_range.h"
#include "tests/guests/s2_hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

#define PSCI_CPU_ON UINT32_C(0xc4000003)
#define INPUT_BITS 39
#define VMID 3
#define STACK_PAGES 4
#define TRIES 8

/* second_entry knows the order. */
static struct {
	uint64_t ttbr0, tcr, mair, sctlr, sp, vbar, entry;
} second;
static void (*second_work)(void *);
static void *second_argument;
static volatile bool second_runs;
static volatile struct mailbox *mailbox;
static uint64_t l2_code_page;

volatile struct mailbox *machine_mailbox(void)
{
	return mailbox;
}

uint64_t machine_random(void)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void clean(const void *memory, uint64_t size)
{
	for (uint64_t at = (uint64_t)memory; at < (uint64_t)memory + size; at += 16)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	dsb(sy);
}

static void make_l2(void)
{
	uint64_t size = (uint64_t)(l2_code_end - l2_code);

	if (l2_code_page)
		return;
	l2_code_page = (uint64_t)rt_page();
	mailbox = rt_page();
	memcpy((void *)l2_code_page, l2_code, size);
	clean((void *)l2_code_page, PAGE_SIZE);
	__asm__ volatile("ic ialluis");
	dsb(ish);
	isb();
}

void machine_stage2(struct stage2 *s)
{
	uint64_t pa_range = field_get(ID_AA64MMFR0_PARANGE, read_sysreg(ID_AA64MMFR0_EL1));
	uint64_t *low = rt_page(), *low_pages = rt_page();

	make_l2();
	s->root = rt_page();
	s->window = rt_page();
	s->pages = rt_page();
	s->root[L2_CODE >> 30] = (uint64_t)low | S2_TABLE;
	low[L2_CODE >> 21 & 511] = (uint64_t)low_pages | S2_TABLE;
	low_pages[L2_CODE >> 12 & 511] = l2_code_page | S2_RX | S2_PAGE;
	low_pages[L2_MAILBOX >> 12 & 511] = (uint64_t)mailbox | S2_RW_XN | S2_PAGE;
	s->root[L2_WINDOW >> 30] = (uint64_t)s->window | S2_TABLE;
	s->window[0] = (uint64_t)s->pages | S2_TABLE;
	s->vttbr = (uint64_t)s->root | field_put(VTTBR_VMID, VMID);
	s->vtcr = VTCR_RES1 | field_put(VTCR_T0SZ, 64 - INPUT_BITS) | field_put(VTCR_SL0, 1) |
		  field_put(VTCR_IRGN0, 1) | field_put(VTCR_ORGN0, 1) | field_put(VTCR_SH0, 3) |
		  field_put(VTCR_PS, pa_range > PA_RANGE_48 ? PA_RANGE_48 : pa_range);
	dsb(ish);
}

void machine_use(const struct stage2 *s)
{
	write_sysreg(VTCR_EL2, s->vtcr);
	write_sysreg(VTTBR_EL2, s->vttbr);
	write_sysreg(HCR_EL2, HCR_RW | HCR_VM);
	write_sysreg(SCTLR_EL1, SCTLR_EL1_RES1);
	write_sysreg(VBAR_EL1, L2_CODE + 2048);
	isb();
}

void machine_use_none(void)
{
	write_sysreg(HCR_EL2, HCR_RW);
	isb();
}

static _Noreturn void second_main(void)
{
	second_runs = true;
	dsb(ish);
	second_work(second_argument);
	for (;;)
		__asm__ volatile("wfe");
}

void machine_start_second(void (*work)(void *), void *argument)
{
	const struct rt_machine *m = rt_machine();
	char *stack = rt_pages(STACK_PAGES, PAGE_SIZE);
	uint64_t status;

	if (m->cpus < 2)
		rt_fail("this case needs two CPUs");
	second.ttbr0 = read_sysreg(TTBR0_EL2);
	second.tcr = read_sysreg(TCR_EL2);
	second.mair = read_sysreg(MAIR_EL2);
	second.sctlr = read_sysreg(SCTLR_EL2);
	second.vbar = read_sysreg(VBAR_EL2);
	second.sp = (uint64_t)stack + STACK_PAGES * PAGE_SIZE;
	second.entry = (uint64_t)second_main;
	second_work = work;
	second_argument = argument;
	clean(&second, sizeof(second));
	status = rt_psci(PSCI_CPU_ON, m->mpidr[1], (uint64_t)second_entry, (uint64_t)&second);
	if (status)
		rt_fail("PSCI CPU_ON: 0x%lx", status);
	while (!second_runs)
		;
}

void machine_run_l2(void *stage2)
{
	machine_use(stage2);
	while (!mailbox->stop) {
		oracle_enter(L2_CODE, PSTATE_DAIF | SPSR_M_EL1H, L2_MAILBOX, 0);
		mailbox->aborts += field_get(ESR_EC, read_sysreg(ESR_EL2)) == EC_HVC64;
	}
}

/* The address of the next load: as the loop of l2.S has it. */
static uint64_t next_address(void)
{
	static uint64_t state = 1;

	if (!mailbox->random)
		return L2_WINDOW;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return L2_WINDOW + (state & BITS(29, 3));
}

/* One load. False: it did not come to its end; elr says where it is to be made again. */
static bool load(uint64_t *elr, uint64_t address)
{
	uint64_t value = oracle_enter(*elr, PSTATE_DAIF | SPSR_M_EL1H, address, 0);
	uint64_t esr = read_sysreg(ESR_EL2);

	*elr = read_sysreg(ELR_EL2);
	if (field_get(ESR_EC, esr) != EC_HVC64)
		return false;
	if (esr & ESR_IMM16) { /* EL1's own abort */
		mailbox->aborts++;
		return true;
	}
	mailbox->seen = value;
	dsb(ish);
	mailbox->rounds++;
	return true;
}

void machine_run_l2_again(void *stage2)
{
	machine_use(stage2);
	while (!mailbox->stop) {
		uint64_t address = next_address(), elr = L2_CODE + (uint64_t)(l2_access - l2_code);

		for (unsigned tries = 0; tries < TRIES && !load(&elr, address); tries++)
			;
	}
}

/* One case for each register of the list; those that are no TLBI are never executed. */
static void execute_tlbi(enum sysreg op, uint64_t operand)
{
	switch (op) {
#define X(name, op0, op1, crn, crm, op2, access, ...)                                                        \
	case SR_##name:                                                                                      \
		if ((access) == SYS_TLBI)                                                                    \
			__asm__ volatile("sys #" #op1 ", C" #crn ", C" #crm ", #" #op2 ", %0" ::"r"(operand) \
					 : "memory");                                                        \
		break;
		SYSREG_LIST(X)
#undef X
	case SR_NONE:
	case SR_COUNT:
		break;
	}
}

bool machine_tlbi(unsigned n, uint64_t operand)
{
	static const uint16_t ops[] = {
#define X(name, op0, op1, crn, crm, op2, access, ...) (access) == SYS_TLBI ? SR_##name : SR_NONE,
		SYSREG_LIST(X)
#undef X
	};

	for (unsigned i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (ops[i] != SR_NONE && n-- == 0) {
			execute_tlbi((enum sysreg)ops[i], operand);
			return true;
		}
	return false;
}
