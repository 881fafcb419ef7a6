/*
 * What does the small guest hypervisor do before L2 runs?  It reads its workload, sets the machine up once, and gives L2 the
 * memory that the workload wants.  Next: world.c.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

extern const char l1_vectors[]; /* vectors.S */
extern const char l2_image[], l2_image_end[];

/* What L2 finds mapped at L2_PAGES. */
static void map_pages(uint64_t pages)
{
	char *memory = rt_pages(pages, PAGE_SIZE);

	for (uint64_t at = 0; at < pages * PAGE_SIZE; at += PAGE_SIZE)
		stage2_map_page((l2_ipa_t){ L2_PAGES + at }, memory + at, false);
}

static void map_blocks(uint64_t pages)
{
	uint64_t size = (pages * PAGE_SIZE + L2_BLOCK_SIZE - 1) & ~(L2_BLOCK_SIZE - 1);
	char *memory = rt_pages(size / PAGE_SIZE, L2_BLOCK_SIZE);

	for (uint64_t at = 0; at < size; at += L2_BLOCK_SIZE)
		stage2_map_block((l2_ipa_t){ L2_PAGES + at }, memory + at);
}

static void map_memory(struct l2_params *params)
{
	switch (params->workload) {
	case L2_mapped_touch:
		map_pages(params->n1 + params->n2);
		return;
	case L2_block_touch:
		map_blocks(params->n1 + params->n2);
		return;
	case L2_page_unmap:
	case L2_flush_pages:
		params->pages = L2_PAGES_MAX;
		map_pages(params->pages);
		return;
	case L2_device_irq:
		params->uart_intid = rt_machine()->uart_intid;
		stage2_map_device((l2_ipa_t){ L2_UART }, rt_machine()->uart);
		gic_own_spi(rt_machine()->uart_intid);
		return;
	case L2_flush_blocks:
		params->pages = L2_PAGES_MAX;
		map_blocks(params->pages);
		return;
	default:
		return;
	}
}

static void load_image(void)
{
	uint64_t size = (uint64_t)l2_image_end - (uint64_t)l2_image;
	char *page;

	for (uint64_t at = 0; at < size; at += PAGE_SIZE) {
		page = rt_page();
		memcpy(page, l2_image + at, PAGE_SIZE);
		stage2_map_page((l2_ipa_t){ L2_IMAGE + at }, page, true);
	}
}

void guest_main(void)
{
	struct l2_params *params = workload_read();

	world_setup_first(l1_vectors);
	exit_setup();
	world_setup();
	stage2_map_block((l2_ipa_t){ L2_BLOCK }, params);
	load_image();
	map_memory(params);
	__asm__ volatile("ic iallu");
	dsb(nsh);
	isb();
	world_start((l2_ipa_t){ L2_IMAGE }, L2_PARAMS, SPSR_M_EL1H | PSTATE_DAIF);
}
