/* Which program runs, and how often?  bootargs "workload=NAME n=N1,N2", as the small hypervisors have it.  Reads: lesson.h. */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/firn_abi.h"

#define ARGUMENT_MAX 32

static const struct {
	char name[ARGUMENT_MAX];
	void (*begin)(void), (*once)(void), (*end)(void);
} programs[] = {
#define ROW(name) { #name, name##_begin, name##_once, name##_end },
	LESSONS(ROW)
#undef ROW
};

/* A position in L0's ledger and in a recording. */
static void mark(void)
{
	register uint64_t x0 __asm__("x0") = 0;

	__asm__ volatile("hvc %1" : "+r"(x0) : "i"(FIRN_HVC_MARK) : "x1", "x2", "x3", "memory");
}

static void repeat(void (*once)(void), uint64_t n)
{
	while (n--)
		once();
}

static void numbers(uint64_t *n1, uint64_t *n2)
{
	char counts[ARGUMENT_MAX];
	const char *at = counts;

	if (!rt_arg("n", counts, sizeof(counts)) || !rt_number(&at, n1) || *at++ != ',' ||
	    !rt_number(&at, n2) || *at)
		rt_fail("n=%s: wanted n=N1,N2", counts);
}

void guest_main(void)
{
	char name[ARGUMENT_MAX];
	uint64_t n1, n2;

	rt_arg("workload", name, sizeof(name));
	numbers(&n1, &n2);
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H | HCR_IMO);
	isb();
	write_sysreg(CPTR_EL2, CPACR_FPEN);
	isb();
	for (unsigned i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (strcmp(programs[i].name, name) != 0)
			continue;
		programs[i].begin();
		mark();
		repeat(programs[i].once, n1);
		mark();
		repeat(programs[i].once, n2);
		mark();
		programs[i].end();
		rt_print("ok %s %lu %lu\n", name, n1, n2);
		return;
	}
	rt_fail("%s is no program", name);
}
