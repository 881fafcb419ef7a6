/*
 * Which workload does L2 run, and what came of it?  bootargs "workload=hypercall n=1000,3000", and "granule=16K" for stage2.c; one
 * result line: "ok WORKLOAD n1 n2" or "not ok WORKLOAD reason".  Reads: l1.h, guest-hyp/l2/l2.h.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"

#define ARGUMENT_MAX 64

static char name[ARGUMENT_MAX], counts[ARGUMENT_MAX];
static struct l2_params *params;

#define NAME_ROW(workload) { #workload },
static const char names[][ARGUMENT_MAX] = { L2_WORKLOADS(NAME_ROW) };

const char *workload_name(void)
{
	return name;
}

static void parse_arguments(void)
{
	const char *at = counts;

	if (!rt_arg("workload", name, sizeof(name)))
		memcpy(name, "hypercall", sizeof("hypercall"));
	for (params->workload = 0; strcmp(name, names[params->workload]);)
		if (++params->workload == L2_WORKLOAD_COUNT)
			rt_fail("%s is not a workload", name);
	if (!rt_arg("n", counts, sizeof(counts)))
		memcpy(counts, "1000,3000", sizeof("1000,3000"));
	if (!rt_number(&at, &params->n1) || *at++ != ',' || !rt_number(&at, &params->n2) || *at)
		rt_fail("%s n=%s: wanted n=N1,N2", name, counts);
}

static void check_arguments(void)
{
	params->cpus = l2_cpus(params->workload, rt_machine()->cpus);
	if (params->cpus > rt_machine()->cpus || (params->workload == L2_storm && params->cpus < 2))
		rt_fail("%s needs more than one CPU", name);
	if (params->workload == L2_dirty_log || params->workload == L2_vm_life)
		rt_fail("%s is for Linux as the hypervisor", name);
	if (l2_pages(params) > L2_PAGES_MAX)
		rt_fail("%s n=%s: L2 has no more than %lu pages of 4 KiB for it", name, counts, L2_PAGES_MAX);
	if (params->workload == L2_irq_latency &&
	    (params->n1 >= L2_SAMPLES_MAX / 4 || params->n2 >= L2_SAMPLES_MAX / 4))
		rt_fail("%s fewer than %lu interrupts", name, L2_SAMPLES_MAX / 4);
}

struct l2_params *workload_read(void)
{
	params = rt_pages(L2_BLOCK_SIZE / PAGE_SIZE, L2_BLOCK_SIZE);
	parse_arguments();
	stage2_setup();
	params->page_size = stage2_size(STAGE2_PAGE);
	check_arguments();
	params->timer_intid = rt_machine()->timer_virt_intid;
	return params;
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

static void print_latency(void)
{
	rt_print("latency %lu", params->n2);
	for (uint64_t k = 0; k < L2_LATENCIES; k++)
		rt_print(" %lu:%lu", l2_quantile(k), params->latency[k]);
	rt_print("\n");
}

void workload_end(uint64_t l2_pfr0, uint64_t notifications)
{
	/* L2 wrote it past the caches; drop what L1 has of it. */
	stage2_clean(params, sizeof(*params));
	if (params->status != L2_OK)
		rt_fail("%s %s 0x%lx", name, status_text[params->status <= L2_NO_CPU ? params->status : 0],
			params->detail);
	if (params->workload == L2_idreg && params->n1 + params->n2 && params->value != l2_pfr0)
		rt_fail("%s ID_AA64PFR0_EL1 is 0x%lx for L2, not 0x%lx", name, params->value, l2_pfr0);
	if (params->workload == L2_device_notify && notifications != params->n1 + params->n2)
		rt_fail("%s was told %lu times", name, notifications);
	if (params->workload == L2_storm)
		rt_print("# %lu interrupts on %lu vCPUs, each taken once\n", params->value, params->cpus);
	if (params->workload == L2_irq_latency)
		print_latency();
	rt_print("ok %s %lu %lu\n", name, params->n1, params->n2);
	rt_off();
}
