/* Where does a vCPU begin that PSCI CPU_ON started?  X0 = the end of its stack, where 16 bytes below lies what it does.  Next: vcpus.c. */
	.text
	.global secondary_entry
secondary_entry:
	sub	sp, x0, #16
	ldr	x1, [sp]
	mov	x29, xzr
	mov	x30, xzr
	br	x1			/* does not return */

	.section .note.GNU-stack, "", @progbits
