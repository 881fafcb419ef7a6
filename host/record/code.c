/*
 * Which instruction trapped, and where in the machine's memory is L1's code?  The host side takes the pages from there when the
 * machine has ended.  Reads: code.h.  Next: experiments/firn/record/code_pages.c.
 */
#include "host/record/code.h"

#include <stdbool.h>

#include "host/core/mmu.h"
#include "host/machine/cpu.h"
#include "host/machine/layout.h"
#include "host/machine/sysreg.h"
#include "host/report/ring.h"
#include "host/vm/vm.h"

/*
 * Pages that were told with those beside them, by their number: the page, and TOLD_IS in its offset, for there is a page 0. Two that share
 * a slot are told again and again, which the host side sees.
 */
#define TOLD 256
#define TOLD_IS 1
static uint64_t told[TRACE_MAX_CPUS][TOLD];

/* Both stages of what v runs, for an instruction there. PAR_EL1 is L1's. False: no translation, or not the VM's RAM. */
static bool find(const struct vcpu *v, uint64_t va, pa_t *pa)
{
	uint64_t kept = read_sysreg(PAR_EL1), par;

	if (vcpu_is_at_el0(v))
		at_s12e0r(va);
	else
		at_s12e1r(va);
	isb();
	par = read_sysreg(PAR_EL1);
	write_sysreg(PAR_EL1, kept);
	*pa = (pa_t){ (par & PAR_PA) | (va & (PAGE_SIZE - 1)) };
	return !(par & PAR_F) && pa->val - v->vm->ram_pa.val < v->vm->ram_size;
}

/* False: there was no room for it. */
static bool tell_page(struct vcpu *v, uint64_t page)
{
	pa_t pa;

	if (!find(v, page, &pa))
		return true;
	TRACE(v, firn_code, .address = page, .pa = pa.val);
	return trace_is_kept(v->trace.cpu);
}

/* A function does not end with its page. What found no room is told at the next trap. */
static void tell_pages(struct vcpu *v, uint64_t address)
{
	uint64_t page = address & ~(uint64_t)(PAGE_SIZE - 1);
	uint64_t *slot = &told[v->queue.cpu->index][page / PAGE_SIZE % TOLD];

	if (*slot == (page | TOLD_IS) || !trace_wants(v, TRACE_firn_code))
		return;
	if (tell_page(v, page - PAGE_SIZE) && tell_page(v, page) && tell_page(v, page + PAGE_SIZE))
		*slot = page | TOLD_IS;
}

uint32_t code_at_exit(struct vcpu *v, uint64_t address)
{
	pa_t pa;

	if ((address & 3) || !find(v, address, &pa))
		return 0;
	if (v->world.loaded == WORLD_VEL2 && !vcpu_is_at_el0(v) && v->vm->index == 0)
		tell_pages(v, address);
	return *(const uint32_t *)pa_to_va(pa);
}
