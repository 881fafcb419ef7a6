/* How are the CPUs brought up?  Next: cpus.c, host/machine/cpu.h. */
#ifndef HOST_BOOT_CPUS_H
#define HOST_BOOT_CPUS_H

#include "host/machine/cpu.h"

/* Registers the CPUs of the device tree; the one that boots becomes index 0. Sets TPIDR_EL2 of this CPU. */
void cpus_init(const void *fdt);

/* What the vectors of every CPU call: run_exit, or run_exit_traced. */
void cpus_set_run_exit(struct vcpu *(*f)(struct vcpu *v, enum exit_kind kind));

/*
 * Starts the others at entry, a symbol of the image. They set themselves up and wait for vCPUs. Waits until each says that it is
 * there, or gives it up.
 */
void cpus_start_others(const void *entry);

/* Where the assembly of secondary.S goes on in C: on the stack of cpu, with L0's own translations. */
_Noreturn void cpus_secondary(struct cpu *cpu);

#endif
