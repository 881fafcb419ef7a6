/* How does a CPU that PSCI CPU_ON started get to C?  With what the first one has made.  Reads: host/machine/layout.h.  Next: high.S, cpus.c. */
#include "asm_offsets.h"

	.section .text.low, "ax"

/* X0 = struct cpu, by its high address; the boot tables are there already */
	.global	secondary_start
secondary_start:
	mov	x20, x0
	bl	to_el2_host
	ldr	x19, =secondary_high
	b	to_high

secondary_high:
	ldr	x0, =mmu_root_pa
	ldr	x0, [x0]
	ldr	x1, =image_pa
	ldr	x1, [x1]
	bl	mmu_switch_root
	ldr	x0, [x20, #CPU_STACK_TOP]
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	mov	x0, x20
	b	cpus_secondary		/* cpus_secondary(cpu) */
