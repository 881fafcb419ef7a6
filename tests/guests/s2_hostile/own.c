/*
 * Are translations of vEL2's own gone, on the CPU that a TLBI names or on all?  CPU 0 moves a place of both CPUs' stage 1 from page to
 * page; then CPU 1 loads from it, once, with nothing in between that would empty its TLBs, and CPU 0 does. Reads: hostile.h.
 */
#include <stddef.h>

#include "tests/guests/s2_hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"

#define PLACE UINT64_C(0x1000000000) /* a VA where nothing is */
#define TURNS 300
#define FORMS 6
#define SPIN_MAX UINT64_C(2000000000)
#define RANGE_4K (UINT64_C(1) << 46) /* TG; SCALE 0 and NUM 0 are two pages */
#define NORMAL_RW_XN \
	(UINT64_C(1) << 54 | 0x747) /* of rt_mmu_on's: AttrIndx 1, AP[1], inner shareable, AF; a page */

static volatile uint64_t asked, answered, seen;

static void invalidate_everywhere(unsigned form)
{
	uint64_t page = PLACE >> PAGE_SHIFT;

	dsb(ishst);
	switch (form) {
	case 0:
		__asm__ volatile("tlbi vae2is, %0" ::"r"(page) : "memory");
		break;
	case 1:
		__asm__ volatile("tlbi vale2is, %0" ::"r"(page) : "memory");
		break;
	case 2:
		tlbi(alle2is);
		break;
	case 3: /* RVAE2IS */
		__asm__ volatile("sys #4, C8, C2, #1, %0" ::"r"(page | RANGE_4K) : "memory");
		break;
	case 4: /* RVALE2OS */
		__asm__ volatile("sys #4, C8, C5, #5, %0" ::"r"(page | RANGE_4K) : "memory");
		break;
	default: /* VAE2OS */
		__asm__ volatile("sys #4, C8, C1, #1, %0" ::"r"(page) : "memory");
		break;
	}
	dsb(ish);
	isb();
}

static void invalidate_here(unsigned form)
{
	uint64_t page = PLACE >> PAGE_SHIFT;

	dsb(ishst);
	switch (form % 3) {
	case 0:
		__asm__ volatile("tlbi vae2, %0" ::"r"(page) : "memory");
		break;
	case 1:
		tlbi(alle2);
		break;
	default: /* RVALE2 */
		__asm__ volatile("sys #4, C8, C6, #5, %0" ::"r"(page | RANGE_4K) : "memory");
		break;
	}
	dsb(nsh);
	isb();
}

static void load_when_asked(void *none)
{
	(void)none;
	for (uint64_t turn = 1; turn <= TURNS; turn++) {
		while (asked != turn)
			;
		dsb(ish);
		seen = *(volatile uint64_t *)PLACE;
		dsb(ish);
		answered = turn;
	}
}

static void others_load(uint64_t turn, uint64_t value)
{
	asked = turn;
	for (uint64_t spin = 0; answered != turn; spin++)
		if (spin == SPIN_MAX)
			rt_fail("own the other CPU does not load any more");
	dsb(ish);
	if (seen != value)
		rt_fail("own after form %lu the other CPU reads 0x%lx, not 0x%lx", turn % FORMS, seen, value);
}

static void own_load(unsigned form, uint64_t value)
{
	uint64_t read = *(volatile uint64_t *)PLACE;

	if (read != value)
		rt_fail("own after form %u this CPU reads 0x%lx, not 0x%lx", form, read, value);
}

static void put(volatile uint64_t *slot, uint64_t *const *pages, unsigned n)
{
	*slot = (uint64_t)pages[n] | NORMAL_RW_XN;
	dsb(ishst);
	isb();
}

void case_own(void)
{
	uint64_t *root = (uint64_t *)(read_sysreg(TTBR0_EL2) & BITS(47, 12)), *middle = rt_page(),
		 *last = rt_page(), *pages[2] = { rt_page(), rt_page() };

	*pages[0] = 100;
	*pages[1] = 101;
	middle[PLACE >> 21 & 511] = (uint64_t)last | S2_TABLE;
	root[PLACE >> 30 & 511] = (uint64_t)middle | S2_TABLE;
	dsb(ish);
	machine_start_second(load_when_asked, NULL);
	for (unsigned turn = 1; turn <= TURNS; turn++) {
		last[0] = 0;
		invalidate_everywhere(turn % FORMS);
		put(last, pages, turn & 1);
		others_load(turn, 100 + (turn & 1));
		own_load(turn % FORMS, 100 + (turn & 1));
		last[0] = 0;
		invalidate_here(turn);
		put(last, pages, ~turn & 1);
		own_load(FORMS + turn % 3, 100 + (~turn & 1));
	}
}
