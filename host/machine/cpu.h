/*
 * What belongs to one physical CPU?  TPIDR_EL2 holds the address of its struct cpu.  Next: host/boot/cpus.c, host/vm/vcpu.h.
 */
#ifndef HOST_MACHINE_CPU_H
#define HOST_MACHINE_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/layout.h"
#include "host/machine/sysreg.h"

struct vcpu;

/* Why the vectors were entered: the number of the vector in its group. */
enum exit_kind {
	EXIT_SYNC,
	EXIT_IRQ,
	EXIT_FIQ,
	EXIT_SERROR,
};

/* No deadline; the counter never gets there. */
#define TIMER_NEVER UINT64_MAX

/* L0's own timer of a CPU: one comparator for all that L0 waits for there. In ticks of hardware's counter. */
struct cpu_timer {
	uint64_t watch; /* the next timer of the vCPU that hardware does not hold */
	uint64_t sched; /* the scheduler's next look */
	uint64_t armed; /* what the comparator is set to; never later than both */
};

struct cpu {
	struct vcpu *vcpu;  /* whose registers hardware holds, NULL for nobody's */
	uint64_t stack_top; /* the vectors read this and the next member as a pair */
	struct vcpu *(*run_exit)(struct vcpu *v, enum exit_kind kind);
	uint64_t emergency_stack_top; /* for a panic whose cause may be the stack itself */
	struct cpu_timer timer;
	uint64_t held_until; /* devices' interrupts that wait come again by then; TIMER_NEVER: none waits */
	uint64_t mpidr;	     /* affinity fields only */
	unsigned index;
	bool online;
	/* The scheduler's: */
	struct vcpu *running; /* as vcpu, but already while it is on its way in or still on its way out */
	bool idle;
	uint64_t charged;	    /* until when its time is somebody's */
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

/* One more, with the next index. NULL: there are MAX_CPUS already. */
struct cpu *cpu_add(uint64_t mpidr);

/* It has set itself up, and takes vCPUs. */
void cpu_set_online(struct cpu *cpu);
bool cpu_is_online(const struct cpu *cpu);

/* How many are. */
unsigned cpus_online(void);

/* Starts f with an empty stack whose top is given. In stack.S. */
_Noreturn void cpu_call_on_stack(uint64_t top, void (*f)(void));

#endif
