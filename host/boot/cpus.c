/* How are the CPUs brought up?  Reads: cpus.h.  Next: main.c. */
#include "host/boot/cpus.h"

#include <libfdt.h>
#include <stddef.h>
#include <string.h>

#include "host/core/gic.h"
#include "host/core/mmu.h"
#include "host/machine/fdt.h"
#include "host/machine/psci.h"
#include "host/report/print.h"
#include "host/run/run.h"
#include "nv/arch/fields.h"

/* How often a CPU that was started is looked for before it is given up. */
#define START_TRIES 100000000

extern char vectors[];

static void add(uint64_t mpidr)
{
	struct cpu *cpu = cpu_add(mpidr);

	if (!cpu)
		return;
	cpu->run_exit = run_exit;
	cpu->stack_top = mmu_map_stack(cpu->index, 0);
	cpu->emergency_stack_top = mmu_map_stack(cpu->index, 1);
}

void cpus_init(const void *fdt)
{
	uint64_t self = read_sysreg(MPIDR_EL1) & MPIDR_AFFINITY, mpidr, none;
	int node;

	add(self);
	fdt_for_each_subnode(node, fdt, fdt_path_offset(fdt, "/cpus")) {
		const char *type = fdt_text(fdt, node, "device_type");

		if (type && strcmp(type, "cpu") == 0 && fdt_reg(fdt, node, 0, &mpidr, &none) && mpidr != self)
			add(mpidr);
	}
	cpu_set_online(cpu_at(0));
	write_sysreg(TPIDR_EL2, (uint64_t)cpu_at(0));
}

void cpus_set_run_exit(struct vcpu *(*f)(struct vcpu *v, enum exit_kind kind))
{
	for (unsigned i = 0; i < cpu_count(); i++)
		cpu_at(i)->run_exit = f;
}

static void start(struct cpu *cpu, const void *entry)
{
	int64_t error = psci_cpu_on(cpu->mpidr, va_to_pa(entry), (uint64_t)cpu);

	for (unsigned n = 0; !error && n < START_TRIES && !cpu_is_online(cpu); n++)
		;
	if (!cpu_is_online(cpu))
		print("firn: CPU %u (MPIDR_EL1 %lx) does not start, PSCI error %ld\n", cpu->index, cpu->mpidr,
		      error);
}

void cpus_start_others(const void *entry)
{
	for (unsigned i = 1; i < cpu_count(); i++)
		start(cpu_at(i), entry);
}

_Noreturn void cpus_secondary(struct cpu *cpu)
{
	write_sysreg(TPIDR_EL2, (uint64_t)cpu);
	write_sysreg(VBAR_EL2, (uint64_t)vectors);
	gic_init_cpu();
	cpu_set_online(cpu);
	cpu_call_on_stack(cpu->stack_top, run_cpu);
}
