/* How are the CPUs brought up, and what do they do without a vCPU?  Reads: cpu.h.  Next: host/boot/main.c. */
#include "host/cpu/cpu.h"

#include <libfdt.h>
#include <stddef.h>
#include <string.h>

#include "host/boot/fdt.h"
#include "host/cpu/psci.h"
#include "host/interrupt/gic.h"
#include "host/memory/mmu.h"
#include "host/report/print.h"
#include "nv/arch/fields.h"

/* How often a CPU that was started is looked for before it is given up. */
#define START_TRIES 100000000

extern char secondary_start[];

static struct cpu cpus[MAX_CPUS];
static unsigned count;

unsigned cpu_count(void)
{
	return count;
}

struct cpu *cpu_at(unsigned index)
{
	return &cpus[index];
}

static void add(uint64_t mpidr)
{
	struct cpu *cpu = &cpus[count];

	if (count == MAX_CPUS)
		return;
	cpu->index = count++;
	cpu->timer = (struct cpu_timer){ TIMER_NEVER, TIMER_NEVER, TIMER_NEVER };
	cpu->mpidr = mpidr;
	cpu->run_exit = run_exit;
	cpu->stack_top = mmu_map_stack(cpu->index, 0);
	cpu->emergency_stack_top = mmu_map_stack(cpu->index, 1);
}

void cpu_init(const void *fdt)
{
	uint64_t self = read_sysreg(MPIDR_EL1) & MPIDR_AFFINITY, mpidr, none;
	int node;

	add(self);
	fdt_for_each_subnode(node, fdt, fdt_path_offset(fdt, "/cpus")) {
		const char *type = fdt_getprop(fdt, node, "device_type", NULL);

		if (type && strcmp(type, "cpu") == 0 && fdt_reg(fdt, node, 0, &mpidr, &none) && mpidr != self)
			add(mpidr);
	}
	cpus[0].online = true;
	write_sysreg(TPIDR_EL2, (uint64_t)&cpus[0]);
}

static bool is_online(const struct cpu *cpu)
{
	return __atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE);
}

void cpu_start_others(void)
{
	for (unsigned i = 1; i < count; i++) {
		int64_t error = psci_cpu_on(cpus[i].mpidr, va_to_pa(secondary_start), (uint64_t)&cpus[i]);

		for (unsigned n = 0; !error && n < START_TRIES && !is_online(&cpus[i]); n++)
			;
		if (!is_online(&cpus[i]))
			print("firn: CPU %u (MPIDR_EL1 %lx) does not start, PSCI error %ld\n", i,
			      cpus[i].mpidr, error);
	}
}

unsigned cpus_online(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < count; i++)
		n += is_online(&cpus[i]);
	return n;
}
