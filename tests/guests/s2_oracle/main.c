/* How many cases, from which seed, and what became of them?  Reads: oracle.h.  Next: stage2.c, stage1.c. */
#include "tests/guests/s2_oracle/oracle.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/bits.h"

#define ARGUMENT_MAX 32
#define DEFAULT_CASES 100000
#define MAX_WRITES 16

static uint64_t first_seed, state, done, pool;
static unsigned stage = 2;
static uint64_t written[MAX_WRITES];
static unsigned writes;

/* splitmix64: any seed is good. */
uint64_t oracle_random(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t oracle_below(uint64_t n)
{
	return oracle_random() % n;
}

bool oracle_one_in(uint64_t n)
{
	return oracle_below(n) == 0;
}

uint64_t oracle_sh(void)
{
	return oracle_below(3) ? 1 + oracle_below(2) + 1 : 0;
}

uint64_t oracle_pool(void)
{
	return pool;
}

bool oracle_in_pool(uint64_t address)
{
	return address >= pool && address - pool < (uint64_t)ORACLE_POOLS << ORACLE_POOL_SHIFT;
}

void oracle_write(uint64_t address, uint64_t value)
{
	if (writes == MAX_WRITES)
		rt_fail("oracle: more than %u descriptors in one case", MAX_WRITES);
	written[writes++] = address;
	*(volatile uint64_t *)address = value;
}

bool oracle_is_written(uint64_t address)
{
	for (unsigned n = 0; n < writes; n++)
		if (written[n] == address)
			return true;
	return false;
}

void oracle_clean(void)
{
	while (writes)
		*(volatile uint64_t *)written[--writes] = 0;
}

void oracle_differs(const char *what, uint64_t hardware, uint64_t software)
{
	if (stage == 1)
		stage1_describe();
	else
		stage2_describe();
	for (unsigned n = 0; n < writes; n++)
		rt_print("# 0x%lx: 0x%lx\n", written[n], *(volatile uint64_t *)written[n]);
	rt_fail("oracle stage %u, case %lu of seed 0x%lx: %s is 0x%lx on hardware and 0x%lx by software",
		stage, done, first_seed, what, hardware, software);
}

uint64_t oracle_address_bits(unsigned output_bits, bool ds)
{
	return output_bits > 48 ? BITS(51, 0) : ds ? BITS(49, 0) : BITS(47, 0);
}

/* An AT that takes an exception has met a table where the walker meets none. */
static bool exception(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	oracle_differs("ESR_EL2 of an exception of this program", frame->esr, 0);
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	char text[ARGUMENT_MAX];
	const char *at = text;
	uint64_t value;

	return rt_arg(name, text, sizeof(text)) && rt_number(&at, &value) ? value : otherwise;
}

void guest_main(void)
{
	uint64_t cases = number("cases", DEFAULT_CASES);

	if (rt_current_el() != 2)
		rt_fail("oracle: needs EL2");
	stage = (unsigned)number("stage", 2);
	first_seed = state = number("seed", read_sysreg(CNTPCT_EL0) * UINT64_C(0x9e3779b97f4a7c15));
	rt_print("# oracle stage %u: %lu cases, seed=0x%lx\n", stage, cases, first_seed);
	rt_mmu_on();
	rt_set_hook(RT_SYNC, exception);
	pool = (uint64_t)rt_pages((UINT64_C(ORACLE_POOLS) << ORACLE_POOL_SHIFT) / 4096,
				  UINT64_C(ORACLE_POOLS) << ORACLE_POOL_SHIFT);
	stage == 1 ? stage1_setup() : stage2_setup();
	for (; done < cases; done++) {
		stage == 1 ? stage1_case() : stage2_case();
		oracle_clean();
	}
	stage == 1 ? stage1_totals() : stage2_totals();
	rt_print("ok oracle stage %u, %lu cases\n", stage, done);
}
