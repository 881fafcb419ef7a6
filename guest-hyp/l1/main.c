/*
 * What does the small guest hypervisor do from entry to power-off?  One workload (bootargs "workload=hypercall
 * n=1000,3000"), one result line: "ok WORKLOAD n1 n2" or "not ok WORKLOAD reason".  Next: world.c.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define ARGUMENT_MAX 64

extern const char l2_image[], l2_image_end[];

static char workload_name[ARGUMENT_MAX];
static struct l2_params *params;

#define WORKLOAD_NAME(name) #name
#define WORKLOAD_NAME_ROW(name) { WORKLOAD_NAME(name) },
static const char workload_names[][ARGUMENT_MAX] = { L2_WORKLOADS(WORKLOAD_NAME_ROW) };

const char *l1_workload(void)
{
	return workload_name;
}

/* Has every operation a page of its own? */
static bool uses_pages(void)
{
	return params->workload == L2_page_touch || params->workload == L2_mapped_touch ||
	       params->workload == L2_block_touch || params->workload == L2_page_unmap;
}

static void parse_arguments(void)
{
	char counts[ARGUMENT_MAX];
	const char *at = counts;

	if (!rt_arg("workload", workload_name, sizeof(workload_name)))
		memcpy(workload_name, "hypercall", sizeof("hypercall"));
	for (params->workload = 0; strcmp(workload_name, workload_names[params->workload]);)
		if (++params->workload == L2_WORKLOAD_COUNT)
			rt_fail("%s is not a workload", workload_name);
	if (!rt_arg("n", counts, sizeof(counts)))
		memcpy(counts, "1000,3000", sizeof("1000,3000"));
	if (!rt_number(&at, &params->n1) || *at++ != ',' || !rt_number(&at, &params->n2) || *at)
		rt_fail("%s n=%s: wanted n=N1,N2", workload_name, counts);
	params->cpus = l2_cpus(params->workload, rt_machine()->cpus);
	if (params->cpus > rt_machine()->cpus || (params->workload == L2_storm && params->cpus < 2))
		rt_fail("%s needs more than one CPU", workload_name);
	if (uses_pages() && (params->n1 >= L2_PAGES_MAX || params->n2 >= L2_PAGES_MAX - params->n1))
		rt_fail("%s fewer than %lu pages", workload_name, L2_PAGES_MAX);
	if (params->workload == L2_irq_latency &&
	    (params->n1 >= L2_SAMPLES_MAX || params->n2 >= L2_SAMPLES_MAX - params->n1))
		rt_fail("%s fewer than %lu interrupts", workload_name, L2_SAMPLES_MAX);
}

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

static void map_memory(void)
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

static const char *const status_text[] = {
	[L2_RUNNING] = "L2 ended without a result",
	[L2_BAD_VALUE] = "L2 read a wrong value",
	[L2_NO_INTERRUPT] = "an interrupt did not come, taken so far:",
	[L2_WRONG_INTERRUPT] = "L2 took INTID",
	[L2_EXTRA_INTERRUPTS] = "wrong number of interrupts:",
	[L2_EXCEPTION] = "L2 took an exception, ESR_EL1",
	[L2_NO_CPU] = "CPU_ON failed:",
};

void l1_done(void)
{
	/* L2 wrote it past the caches; drop what L1 has of it. */
	stage2_clean(params, sizeof(*params));
	if (params->status != L2_OK)
		rt_fail("%s %s 0x%lx", workload_name,
			status_text[params->status <= L2_NO_CPU ? params->status : 0], params->detail);
	if (params->workload == L2_idreg && params->n1 + params->n2 && params->value != exit_l2_pfr0())
		rt_fail("%s ID_AA64PFR0_EL1 is 0x%lx for L2, not 0x%lx", workload_name, params->value,
			exit_l2_pfr0());
	if (params->workload == L2_storm)
		rt_print("# %lu interrupts on %lu vCPUs, each taken once\n", params->value, params->cpus);
	if (params->workload == L2_irq_latency)
		rt_print("latency %lu %lu %lu %lu %lu %lu\n", params->latency[L2_MIN],
			 params->latency[L2_P50], params->latency[L2_P90], params->latency[L2_P99],
			 params->latency[L2_MAX], params->n2);
	rt_print("ok %s %lu %lu\n", workload_name, params->n1, params->n2);
	rt_off();
}

void guest_main(void)
{
	params = rt_pages(L2_BLOCK_SIZE / PAGE_SIZE, L2_BLOCK_SIZE);
	parse_arguments();
	params->timer_intid = rt_machine()->timer_virt_intid;
	world_setup_first();
	stage2_map_block((l2_ipa_t){ L2_BLOCK }, params);
	load_image();
	map_memory();
	__asm__ volatile("ic iallu");
	dsb(nsh);
	isb();
	world_start((l2_ipa_t){ L2_IMAGE }, L2_PARAMS, SPSR_M_EL1H | PSTATE_DAIF);
}
