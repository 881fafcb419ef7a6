/*
 * What do the files of steps share?  What is seen as a number, the levels, and the steps of other files. A step takes a source of choices
 * and whether to say what it does, and gives what it saw.  Next: steps.c, memory.c, interrupts.c, operations.c.
 */
#ifndef TESTS_GUESTS_FIDELITY_STEPS_H
#define TESTS_GUESTS_FIDELITY_STEPS_H

#include "tests/guests/fidelity/fidelity.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define INSN_NOP UINT32_C(0xd503201f)
#define LDR_X1_X0 UINT32_C(0xf9400001)
#define STR_X1_X0 UINT32_C(0xf9000001)
#define SCRATCH ((uint64_t)visible_scratch)
#define ENC_FPCR SYSREG_ENC(3, 3, 4, 4, 0)
#define ENC_FPSR SYSREG_ENC(3, 3, 4, 4, 1)

/* PSTATE at EL0, EL1 and EL2, and their names. */
extern const uint64_t steps_levels[3];
extern const char *const steps_level_names[3];

/* b behind a, as one number. */
uint64_t steps_mixed(uint64_t a, uint64_t b);
/* The outcome as a number, with x0 of a run that went well if x0; printed as name if verbose. */
uint64_t steps_seen(const char *name, const struct outcome *o, bool x0, bool verbose);
/* A value as a register may get it. */
uint64_t steps_value(struct chance *c);

/* memory.c: EL1 and EL0 under a stage 2, with TLBI and AT. */
void memory_reset(void);
uint64_t step_access(struct chance *c, bool verbose);
uint64_t step_at(struct chance *c, bool verbose);

/* operations.c: instructions that are no registers, and EL1's controls. */
uint64_t step_operation(struct chance *c, bool verbose);
uint64_t step_float(struct chance *c, bool verbose);
uint64_t step_el1_control(struct chance *c, bool verbose);

/* interrupts.c: physical and virtual ones at each level, and what waits for them. */
void interrupts_reset(void);
uint64_t interrupts_many_active(void); /* a known deviation */
uint64_t step_interrupt(struct chance *c, bool verbose);
uint64_t step_timer_interrupt(struct chance *c, bool verbose);
uint64_t step_wait(struct chance *c, bool verbose);
uint64_t step_virtual(struct chance *c, bool verbose);

#endif
