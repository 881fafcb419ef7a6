/* How does L0 end, by its own fault or for want of something?  Next: panic.c. */
#ifndef HOST_REPORT_PANIC_H
#define HOST_REPORT_PANIC_H

#include <stdint.h>

struct vcpu;

/* What the vectors save of an exception taken from L0 itself. */
struct l0_regs {
	uint64_t x[31];
	uint64_t sp, elr, spsr, esr, far;
};

/* L0 is wrong: says what, shows registers, a backtrace and the vCPU that ran, and switches the machine off. */
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Who says on one line which vCPU was on the CPU. Until then a panic does not. */
void panic_describes(void (*vcpu_describe)(const struct vcpu *v));

/*
 * The same, for exception number kind (0 to 7, in the order of the vectors) taken from L0. Called by host/run/vectors.S. Comes back if it
 * is an access that may be aborted (host/machine/try.h), with where L0 goes on.
 */
uint64_t panic_exception(unsigned kind, const struct l0_regs *regs);

/* Something outside L0 is missing or wrong: one line that says what and what to do; switches the machine off. */
_Noreturn void stop(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
