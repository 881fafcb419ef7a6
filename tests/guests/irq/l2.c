/* How does a case run C as a guest of its own, with a stage 2?  Reads: l2.h. */
#include "tests/guests/irq/l2.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define BLOCK (UINT64_C(2) << 20)
#define INPUT_BITS 39
#define PA_40 2 /* VTCR_EL2.PS */
#define VMID 3
#define S2_TABLE 3
#define S2_PAGE 3
#define S2_BLOCK 1
#define S2_MEMORY UINT64_C(0x7fc) /* AF, inner shareable, read and write, write-back */
#define S2_DEVICE (BIT(54) | UINT64_C(0x4c4))
#define EL1H_MASKED 0x3c5
#define STACK_PAGES 4

extern const char l2_begin[];

static uint64_t *root, *pages;
static uint8_t *stack[IRQ_MAX_CPUS];

void l2_memory(uint64_t registers)
{
	const struct rt_machine *m = rt_machine();
	uint64_t *low = rt_page(), *ram = rt_page();

	root = rt_page();
	pages = rt_page();
	root[0] = (uint64_t)low | S2_TABLE;
	root[m->ram >> 30] = (uint64_t)ram | S2_TABLE;
	low[0] = (uint64_t)pages | S2_TABLE;
	low[registers / BLOCK] = (registers & ~(BLOCK - 1)) | S2_DEVICE | S2_BLOCK;
	for (uint64_t at = m->ram; at < m->ram + m->ram_size; at += BLOCK)
		ram[at / BLOCK % 512] = at | S2_MEMORY | S2_BLOCK;
	dsb(ish);
}

void l2_map(uint64_t ipa, uint64_t address)
{
	volatile uint64_t *entry = &pages[ipa >> 12];

	*entry = 0;
	dsb(ish);
	__asm__ volatile("tlbi ipas2e1is, %0" ::"r"(ipa >> 12) : "memory");
	dsb(ish);
	tlbi(vmalle1is);
	dsb(ish);
	*entry = address ? address | S2_MEMORY | S2_PAGE : 0;
	dsb(ish);
}

bool l2_call(void (*f)(void))
{
	unsigned self = smp_self();
	uint64_t hcr = read_sysreg(HCR_EL2);

	if (!stack[self])
		stack[self] = rt_pages(STACK_PAGES, 4096);
	rt_set_hook(RT_LOWER_SYNC, guest_comes_back);
	write_sysreg(VTCR_EL2, VTCR_RES1 | field_put(VTCR_T0SZ, 64 - INPUT_BITS) | field_put(VTCR_SL0, 1) |
				       field_put(VTCR_SH0, 3) | field_put(VTCR_IRGN0, 1) |
				       field_put(VTCR_ORGN0, 1) | field_put(VTCR_PS, PA_40));
	write_sysreg(VTTBR_EL2, (uint64_t)root | field_put(VTTBR_VMID, VMID));
	write_sysreg(HCR_EL2, hcr | HCR_VM);
	write_sysreg(SCTLR_EL12, SCTLR_EL1_RES1);
	write_sysreg(CPACR_EL12, CPACR_FPEN);
	isb();
	(void)guest_visit((uint64_t)l2_begin, EL1H_MASKED, (uint64_t)stack[self] + STACK_PAGES * 4096,
			  (uint64_t)f);
	write_sysreg(HCR_EL2, hcr);
	isb();
	return field_get(ESR_EC, read_sysreg(ESR_EL2)) == EC_HVC64;
}
