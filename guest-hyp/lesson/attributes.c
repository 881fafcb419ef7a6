/*
 * Which memory has a guest, when its own stage and its hypervisor's say different things?  The guest's MMU is off, which makes all of its
 * data Device memory; the hypervisor overrides that, and is overridden.  AT S12E1R walks both stages, and PAR_EL1 has what came out.
 */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define GUEST (HCR_RW | HCR_E2H | HCR_IMO | HCR_VM)

/* MemAttr of a descriptor of stage 2: without HCR_EL2.FWB, and one with it, which makes Write-Back of anything. */
#define S2_MEMATTR BITS(5, 2)
#define S2_DEVICE 0
#define S2_NC 5
#define S2_WB 15
#define S2_FORCED_WB 6

/* PAR_EL1.ATTR is as a byte of MAIR_ELx. */
#define DEVICE_NGNRNE 0
#define NORMAL_NC 0x44
#define NORMAL_WB 0xff

static const struct {
	uint64_t hcr, memattr, attr;
} cases[] = {
	{ 0, S2_WB, DEVICE_NGNRNE },  /* the weaker one of both */
	{ HCR_DC, S2_WB, NORMAL_WB }, /* a guest without an MMU has caches all the same */
	{ HCR_DC, S2_NC, NORMAL_NC },	       { HCR_DC, S2_DEVICE, DEVICE_NGNRNE },
	{ HCR_DC | HCR_CD, S2_WB, NORMAL_NC }, /* no data of the guest is cached */
	{ HCR_FWB, S2_FORCED_WB, NORMAL_WB },  /* stage 2 alone decides */
};

static uint64_t *descriptor;

void attributes_begin(void)
{
	struct guest_memory memory = guest_memory();

	descriptor = memory.descriptor;
	write_sysreg(VTCR_EL2, memory.vtcr);
	write_sysreg(VTTBR_EL2, memory.vttbr);
	write_sysreg(SCTLR_EL12, SCTLR_EL1_RES1);
}

void attributes_once(void)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t par;

		*descriptor = (*descriptor & ~S2_MEMATTR) | field_put(S2_MEMATTR, cases[i].memattr);
		dsb(ishst);
		write_sysreg(HCR_EL2, GUEST | cases[i].hcr);
		isb();
		tlbi(vmalls12e1);
		dsb(nsh);
		isb();
		__asm__ volatile("at s12e1r, %0" ::"r"(descriptor) : "memory");
		isb();
		par = read_sysreg(PAR_EL1);
		if (par & PAR_F || field_get(PAR_ATTR, par) != cases[i].attr)
			rt_fail("attributes %u: PAR_EL1 0x%lx, ATTR should be 0x%lx", i, par, cases[i].attr);
	}
}

void attributes_end(void)
{
}
