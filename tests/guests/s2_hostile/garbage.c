/*
 * Does L0 live through tables that change into anything while they are walked?  CPU 1's L2 loads from anywhere in a window
 * whose tables CPU 0 fills with garbage: random bits, tables that are their own next ones, places beyond RAM, devices,
 * reserved bits; and CPU 0 executes every TLBI with any operand. In the end the stage 2 still works.
 * Reads: hostile.h.
 */
#include "tests/guests/s2_hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"

#define ROUNDS 200000
#define SPIN_MAX UINT64_C(2000000000)
#define INSTRUCTION_SIZE 4

static uint64_t undefined;

/* A TLBI of a feature that L1 does not see. */
static bool skip(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	if (field_get(ESR_EC, frame->esr) != EC_UNKNOWN)
		return false;
	undefined++;
	frame->pc += INSTRUCTION_SIZE;
	return true;
}

/* L2 only loads, so that it may be shown any memory of L1's; never for execution, and no device has side effects on reads. */
static uint64_t garbage(const struct stage2 *s)
{
	const struct rt_machine *m = rt_machine();
	const uint64_t places[] = { (uint64_t)s->window,
				    (uint64_t)s->pages,
				    (uint64_t)s->root,
				    m->ram,
				    m->ram + m->ram_size,
				    m->gicd,
				    m->uart,
				    0,
				    BITS(47, 12) };
	uint64_t place = places[machine_random() % (sizeof(places) / sizeof(places[0]))];

	switch (machine_random() % 8) {
	case 0:
		return machine_random() | S2_TABLE;
	case 1:
		return machine_random();
	case 2:
		return place | S2_RW_XN | S2_BLOCK;
	case 3:
		return place | BITS(63, 59) | S2_TABLE;
	case 4:
		return place | S2_RW_XN | S2_PAGE | (machine_random() & (BITS(63, 55) | BITS(51, 48)));
	case 5:
		return (m->ram + (machine_random() & BITS(24, 12))) | S2_RW_XN | S2_PAGE;
	case 6:
		return ~UINT64_C(0);
	default:
		return 0;
	}
}

static uint64_t operand(void)
{
	switch (machine_random() % 4) {
	case 0:
		return ~UINT64_C(0);
	case 1:
		return machine_random();
	case 2:
		return (L2_WINDOW >> PAGE_SHIFT) + machine_random() % 512;
	default:
		return machine_random() & (BITS(47, 37) | (L2_WINDOW >> PAGE_SHIFT));
	}
}

static void spoil(struct stage2 *s)
{
	uint64_t *table = machine_random() & 1 ? s->window : s->pages;

	((volatile uint64_t *)table)[machine_random() % 512] = garbage(s);
	if (machine_random() % 4 == 0)
		((volatile uint64_t *)s->window)[machine_random() % 512] = (uint64_t)s->pages | S2_TABLE;
	/* VTCR_EL2 of this CPU alone: other trees of the VM come and go. */
	if (machine_random() % 64 == 0) {
		write_sysreg(VTCR_EL2, machine_random() % 2 ? machine_random() : s->vtcr);
		write_sysreg(VTTBR_EL2, machine_random() % 2 ? machine_random() : s->vttbr);
	}
}

static void spoil_under(void (*run_l2)(void *))
{
	static struct stage2 s;
	volatile struct mailbox *m;
	uint64_t *page = rt_page(), tlbis = 0, from;

	machine_stage2(&s);
	m = machine_mailbox();
	m->random = 1;
	rt_set_hook(RT_SYNC, skip);
	machine_start_second(run_l2, &s);
	machine_use(&s);
	for (unsigned n = 0; n < ROUNDS; n++) {
		spoil(&s);
		if (n % 4 == 0 && !machine_tlbi((unsigned)tlbis++, operand()))
			tlbis = 0;
		dsb(ish);
	}
	rt_print("# L2 loaded %lu times, EL1 took %lu aborts, %lu TLBIs are undefined\n", m->rounds,
		 m->aborts, undefined);
	/* Order again. */
	machine_use(&s);
	for (unsigned i = 0; i < 512; i++)
		s.window[i] = s.pages[i] = 0;
	*page = 4711;
	s.window[0] = (uint64_t)s.pages | S2_TABLE;
	m->random = 0;
	dsb(ish);
	tlbi(vmalls12e1is);
	dsb(ish);
	s.pages[0] = (uint64_t)page | S2_RW_XN | S2_PAGE;
	dsb(ish);
	from = m->rounds;
	for (uint64_t spin = 0; m->rounds < from + 2 || m->seen != 4711; spin++)
		if (spin == SPIN_MAX)
			rt_fail("garbage after it L2 reads 0x%lx, %lu loads", m->seen, m->rounds - from);
	m->stop = 1;
}

void case_garbage(void)
{
	spoil_under(machine_run_l2);
}

void case_garbage_again(void)
{
	spoil_under(machine_run_l2_again);
}
