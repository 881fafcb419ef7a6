/*
 * Is a translation gone when the TLBI that names it is done, on a CPU that runs L2 all the while?  CPU 1's L2 loads from one
 * place for ever; CPU 0 moves that place from page to page with break-before-make, and each time what comes after has to be
 * from the new page. Every form that may be used for it has its turn, with pages and with a block.
 * Reads: hostile.h.
 */
#include "tests/guests/s2_hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"

#define TURNS 400
#define FORMS 5
#define SPIN_MAX UINT64_C(2000000000)
#define RANGE_4K (UINT64_C(1) << 46) /* TG */

static void invalidate(unsigned form)
{
	uint64_t page = L2_WINDOW >> PAGE_SHIFT;

	dsb(ishst);
	switch (form) {
	case 0:
		__asm__ volatile("tlbi ipas2e1is, %0" ::"r"(page) : "memory");
		break;
	case 1: /* RIPAS2E1IS: SCALE 0 and NUM 0 are two pages */
		__asm__ volatile("sys #4, C8, C0, #2, %0" ::"r"(page | RANGE_4K) : "memory");
		break;
	case 2:
		tlbi(vmalls12e1is);
		break;
	case 3:
		tlbi(alle1is);
		break;
	default: /* last level only */
		__asm__ volatile("tlbi ipas2le1is, %0" ::"r"(page) : "memory");
		break;
	}
	dsb(ish);
	if (form != 2 && form != 3) /* by IPA: what TLBs made of both stages is left */
		tlbi(vmalle1is);
	dsb(ish);
	isb();
}

static void set(uint64_t *slot, uint64_t value)
{
	*(volatile uint64_t *)slot = value;
	dsb(ishst);
}

/* Two loads begin and end after this call. */
static void wait_for_loads(volatile struct mailbox *m)
{
	uint64_t from = m->rounds;

	for (uint64_t spin = 0; m->rounds < from + 2; spin++)
		if (spin == SPIN_MAX)
			rt_fail("broadcast L2 made no load any more");
}

static void move(uint64_t *slot, uint64_t leaf, uint64_t value, unsigned form)
{
	volatile struct mailbox *m = machine_mailbox();

	set(slot, 0);
	invalidate(form);
	set(slot, leaf);
	wait_for_loads(m);
	if (m->seen != value)
		rt_fail("broadcast after form %u L2 reads 0x%lx, not 0x%lx", form, m->seen, value);
}

/* While nothing is mapped no load can end. */
static void nothing_is_read_from_nothing(uint64_t *slot, uint64_t leaf, unsigned form)
{
	volatile struct mailbox *m = machine_mailbox();
	uint64_t rounds;

	set(slot, 0);
	invalidate(form);
	for (volatile unsigned wait = 0; wait < 1000; wait++) /* the load that was under way */
		;
	rounds = m->rounds;
	for (volatile unsigned wait = 0; wait < 20000; wait++)
		;
	if (m->rounds > rounds + 1)
		rt_fail("broadcast after form %u L2 still reads", form);
	set(slot, leaf);
}

static void move_under(void (*run_l2)(void *))
{
	static struct stage2 s;
	char *blocks = rt_pages(2 * BLOCK_SIZE / PAGE_SIZE, BLOCK_SIZE);

	machine_stage2(&s);
	for (unsigned n = 0; n < 2; n++) {
		*(uint64_t *)(blocks + n * BLOCK_SIZE) = 100 + n;
		*(uint64_t *)(blocks + n * BLOCK_SIZE + PAGE_SIZE) = 200 + n;
	}
	dsb(sy);
	machine_use(&s); /* TLBI names the VMID */
	machine_start_second(run_l2, &s);
	for (unsigned turn = 0; turn < TURNS; turn++) {
		unsigned form = turn % FORMS, n = turn & 1;
		uint64_t *page = (uint64_t *)(blocks + n * BLOCK_SIZE + PAGE_SIZE),
			 *block = (uint64_t *)(blocks + n * BLOCK_SIZE);

		move(&s.pages[0], (uint64_t)page | S2_RW_XN | S2_PAGE, 200 + n, form);
		if (turn % 16 == 0)
			nothing_is_read_from_nothing(&s.pages[0], (uint64_t)page | S2_RW_XN | S2_PAGE, form);
		/* A table is not the last level. */
		move(&s.window[0], (uint64_t)block | S2_RW_XN | S2_BLOCK, 100 + n, form == 4 ? 0 : form);
		set(&s.window[0], 0);
		invalidate(form);
		set(&s.window[0], (uint64_t)s.pages | S2_TABLE);
	}
	machine_mailbox()->stop = 1;
}

void case_broadcast(void)
{
	move_under(machine_run_l2);
}

void case_broadcast_again(void)
{
	move_under(machine_run_l2_again);
}
