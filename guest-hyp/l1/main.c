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

/* What L2 finds mapped at L2_PAGES, of 4 KiB; L1's leaves are of its own granule. */
static void map_pages(uint64_t pages, unsigned level)
{
	uint64_t size = pages * L2_PAGE_SIZE;
	void *memory = stage2_memory(&size, level);

	stage2_map((l2_ipa_t){ L2_PAGES }, memory, size, level, false);
}

static void map_memory(struct l2_params *params)
{
	switch (params->workload) {
	case L2_mapped_touch:
		map_pages(params->n1 + params->n2, STAGE2_PAGE);
		return;
	case L2_block_touch:
		map_pages(params->n1 + params->n2, STAGE2_BLOCK);
		return;
	case L2_page_unmap:
	case L2_flush_pages:
		params->pages = L2_PAGES_MAX;
		map_pages(params->pages, STAGE2_PAGE);
		return;
	case L2_device_irq:
		params->uart_intid = rt_machine()->uart_intid;
		stage2_map_device((l2_ipa_t){ L2_UART }, rt_machine()->uart);
		gic_own_spi(rt_machine()->uart_intid);
		return;
	case L2_flush_blocks:
		params->pages = L2_PAGES_MAX;
		map_pages(params->pages, STAGE2_BLOCK);
		return;
	default:
		return;
	}
}

static void load_image(void)
{
	uint64_t bytes = (uint64_t)l2_image_end - (uint64_t)l2_image, size = bytes;
	void *memory = stage2_memory(&size, STAGE2_PAGE);

	memcpy(memory, l2_image, bytes);
	stage2_map((l2_ipa_t){ L2_IMAGE }, memory, size, STAGE2_PAGE, true);
}

void guest_main(void)
{
	struct l2_params *params = workload_read();
	unsigned level = stage2_size(STAGE2_BLOCK) > L2_BLOCK_SIZE ? STAGE2_PAGE : STAGE2_BLOCK;

	world_setup_first(l1_vectors);
	exit_setup();
	world_setup();
	stage2_map((l2_ipa_t){ L2_BLOCK }, params, L2_BLOCK_SIZE, level, false);
	load_image();
	map_memory(params);
	__asm__ volatile("ic iallu");
	dsb(nsh);
	isb();
	world_start((l2_ipa_t){ L2_IMAGE }, L2_PARAMS, SPSR_M_EL1H | PSTATE_DAIF);
}
