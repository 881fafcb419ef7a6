/*
 * What belongs to one physical CPU, and how are the others brought up?  TPIDR_EL2 holds the address of its struct cpu.
 * Next: cpu.c, host/vcpu/vcpu.h.
 */
#ifndef HOST_CPU_CPU_H
#define HOST_CPU_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "host/cpu/sysreg.h"
#include "host/interrupt/timer_types.h"
#include "host/vcpu/run.h"

#define MAX_CPUS 8

struct vcpu;

struct cpu {
	struct vcpu *vcpu;  /* whose registers hardware holds, NULL for nobody's */
	uint64_t stack_top; /* the vectors read this and the next member as a pair */
	struct vcpu *(*run_exit)(struct vcpu *v, enum exit_kind kind);
	uint64_t emergency_stack_top; /* for a panic whose cause may be the stack itself */
	struct cpu_timer timer;
	uint64_t mpidr; /* affinity fields only */
	unsigned index;
	bool online;
	/* The scheduler's: */
	struct vcpu *running; /* as vcpu, but already while it is on its way in or still on its way out */
	bool idle;
	bool poked;		    /* to look for what runs next */
	struct vcpu *last_of_vm[8]; /* by index of the VM: who of it ran here last */
	uint32_t locks_held;	    /* one bit for each rank: debug build */
};

static inline struct cpu *this_cpu(void)
{
	return (struct cpu *)read_sysreg(TPIDR_EL2);
}

unsigned cpu_count(void);
struct cpu *cpu_at(unsigned index);

/* Registers the CPUs of the device tree; the one that boots becomes index 0. Sets TPIDR_EL2 of this CPU. */
void cpu_init(const void *fdt);

/* Starts the others, which set themselves up and park. Waits until each says that it is there, or gives it up. */
void cpu_start_others(void);

/* How many of them are online. */
unsigned cpus_online(void);

/* Starts f with an empty stack whose top is given. In host/boot/start.S. */
_Noreturn void cpu_call_on_stack(uint64_t top, void (*f)(void));

#endif
