/*
 * Are the page logs complete, and do they say no more than there was?  64 pages of RAM, written and read by vEL2, by L1's own
 * EL1, by L2 through pages and through a block, and by L0 that updates a table of L1's.  Needs "firn,markers".
 * Reads: hostile.h, nv/arch/firn_abi.h.
 */
#include "tests/guests/s2_hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "nv/arch/bits.h"
#include "nv/arch/fields.h"
#include "nv/arch/firn_abi.h"

#define PAGES 64
#define WRITTEN 0
#define ACCESSED 1
#define LOAD 0

static char *memory;
static struct stage2 s;

static uint64_t log_call(uint64_t function, uint64_t kind)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = kind;
	register uint64_t x2 __asm__("x2") = (uint64_t)memory;
	register uint64_t x3 __asm__("x3") = PAGES;

	__asm__ volatile("hvc %4" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3), "i"(FIRN_HVC_LOG) : "memory");
	return x0;
}

static void expect(uint64_t kind, uint64_t pages, const char *after)
{
	uint64_t taken = log_call(FIRN_LOG_TAKE, kind);

	if (taken != pages)
		rt_fail("log %s: pages 0x%lx are %s, expected 0x%lx", after, taken,
			kind == WRITTEN ? "written" : "accessed", pages);
	taken = log_call(FIRN_LOG_TAKE, kind);
	if (taken)
		rt_fail("log %s: pages 0x%lx are there again", after, taken);
}

static volatile uint64_t *page(unsigned n)
{
	return (volatile uint64_t *)(memory + n * PAGE_SIZE);
}

/* One access of EL1; x1 = 0 is a load. Returns what was loaded. */
static uint64_t el1(uint64_t code, uint64_t address, uint64_t store)
{
	uint64_t x1 = oracle_enter(code, PSTATE_DAIF | SPSR_M_EL1H, address, store);

	if (field_get(ESR_EC, read_sysreg(ESR_EL2)) != EC_HVC64)
		rt_fail("log EL1 took 0x%lx at 0x%lx", read_sysreg(ESR_EL2), address);
	return x1;
}

static uint64_t l2(unsigned n, uint64_t store)
{
	uint64_t code = L2_CODE + (uint64_t)(l2_access - l2_code), x1;

	machine_use(&s);
	x1 = el1(code, L2_WINDOW + n * PAGE_SIZE, store);
	machine_use_none();
	return x1;
}

static void flush(void)
{
	machine_use(&s);
	dsb(ish);
	tlbi(vmalls12e1is);
	dsb(ish);
	machine_use_none();
}

static void map_pages(void)
{
	for (unsigned n = 0; n < PAGES; n++)
		s.pages[n] = (uint64_t)page(n) | S2_RW_XN | S2_PAGE;
	s.window[0] = 0;
	flush();
	s.window[0] = (uint64_t)s.pages | S2_TABLE;
	dsb(ish);
}

static void map_block(void)
{
	s.window[0] = 0;
	flush();
	s.window[0] = (uint64_t)memory | S2_RW_XN | S2_BLOCK;
	dsb(ish);
}

static void written_by_l2(const char *how)
{
	l2(20, 1);
	l2(21, LOAD);
	expect(WRITTEN, BIT(20), how);
	l2(20, 2); /* a page leaves the log, and comes again */
	l2(22, 2);
	expect(WRITTEN, BIT(20) | BIT(22), how);
	if (l2(20, LOAD) != 2 || *page(22) != 2)
		rt_fail("log %s: 0x%lx and 0x%lx are not what was written", how, *page(20), *page(22));
	expect(WRITTEN, 0, how);
}

static void log_of_writes(void)
{
	uint64_t *table = (uint64_t *)(memory + 40 * PAGE_SIZE);

	table[0] = (uint64_t)page(41) | (S2_RW_XN & ~S2_AF) | S2_PAGE;
	if (log_call(FIRN_LOG_START, WRITTEN))
		rt_fail("log does not start; has the VM firn,markers?");
	expect(WRITTEN, 0, "at its start");
	*page(3) = 1;
	*page(10) = 1;
	(void)*page(5);
	expect(WRITTEN, BIT(3) | BIT(10), "after vEL2");
	*page(3) = 2;
	expect(WRITTEN, BIT(3), "after vEL2 again");
	el1((uint64_t)l2_access, (uint64_t)page(9), 1);
	el1((uint64_t)l2_access, (uint64_t)page(8), LOAD);
	expect(WRITTEN, BIT(9), "after L1's EL1");
	map_pages();
	written_by_l2("after L2, pages");
	map_block();
	written_by_l2("after L2, a block");
	/* L0 sets the access flag in a table of L1's, as hardware would. */
	s.window[0] = 0;
	flush();
	s.vtcr |= VTCR_HA;
	s.window[0] = (uint64_t)table | S2_TABLE;
	dsb(ish);
	l2(0, LOAD);
	expect(WRITTEN, BIT(40), "after an update of a descriptor");
	if (!(*(volatile uint64_t *)table & S2_AF))
		rt_fail("log the access flag is not set");
	s.vtcr &= ~VTCR_HA;
	log_call(FIRN_LOG_STOP, WRITTEN);
	*page(3) = 3;
	expect(WRITTEN, 0, "after its end");
}

static void log_of_accesses(void)
{
	map_block();
	if (log_call(FIRN_LOG_START, ACCESSED))
		rt_fail("log of accesses does not start");
	expect(ACCESSED, 0, "at its start");
	*page(3) = 1;
	(void)*page(5);
	expect(ACCESSED, BIT(3) | BIT(5), "after vEL2");
	(void)*page(5);
	expect(ACCESSED, BIT(5), "after vEL2 again");
	el1((uint64_t)l2_access, (uint64_t)page(8), LOAD);
	expect(ACCESSED, BIT(8), "after L1's EL1");
	l2(21, LOAD);
	l2(22, 7);
	expect(ACCESSED, BIT(21) | BIT(22), "after L2");
	l2(21, LOAD);
	expect(ACCESSED, BIT(21), "after L2 again");
	log_call(FIRN_LOG_STOP, ACCESSED);
}

void case_log(void)
{
	memory = rt_pages(BLOCK_SIZE / PAGE_SIZE, BLOCK_SIZE);
	machine_stage2(&s);
	machine_use_none();
	write_sysreg(SCTLR_EL1, SCTLR_EL1_RES1);
	write_sysreg(VBAR_EL1, L2_CODE + 2048);
	isb();
	for (unsigned turn = 0; turn < 2; turn++) {
		log_of_writes();
		log_of_accesses();
	}
	/* Both at once. */
	map_block();
	if (log_call(FIRN_LOG_START, WRITTEN) || log_call(FIRN_LOG_START, ACCESSED))
		rt_fail("log both do not start");
	if (!log_call(FIRN_LOG_START, WRITTEN))
		rt_fail("log starts twice");
	l2(30, 5);
	l2(31, LOAD);
	expect(ACCESSED, BIT(30) | BIT(31), "of both");
	expect(WRITTEN, BIT(30), "of both");
	log_call(FIRN_LOG_STOP, WRITTEN);
	log_call(FIRN_LOG_STOP, ACCESSED);
	if (l2(30, LOAD) != 5)
		rt_fail("log page 30 lost what L2 wrote");
}
