/* What does a bare guest do about an exception?  What the program's hook says, or it ends.  Entered from vectors.S. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

_Static_assert(sizeof(struct rt_frame) == 288, "vectors.S builds the frame");

void rt_exception(struct rt_frame *frame, unsigned vector);

static rt_hook hooks[16];

void rt_set_hook(unsigned vector, rt_hook hook)
{
	hooks[vector] = hook;
}

static void print_frame(const struct rt_frame *frame, unsigned vector)
{
	rt_print("# vector %u esr 0x%lx far 0x%lx pc 0x%lx pstate 0x%lx\n", vector, frame->esr, frame->far,
		 frame->pc, frame->pstate);
	for (unsigned n = 0; n < 31; n++)
		rt_print("%sx%u 0x%lx%s", n % 4 ? " " : "# ", n, frame->x[n],
			 n % 4 == 3 || n == 30 ? "\n" : "");
}

static void read_frame(struct rt_frame *frame)
{
	if (rt_current_el() == 2) {
		frame->pc = read_sysreg(ELR_EL2);
		frame->pstate = read_sysreg(SPSR_EL2);
		frame->esr = read_sysreg(ESR_EL2);
		frame->far = read_sysreg(FAR_EL2);
	} else {
		frame->pc = read_sysreg(ELR_EL1);
		frame->pstate = read_sysreg(SPSR_EL1);
		frame->esr = read_sysreg(ESR_EL1);
		frame->far = read_sysreg(FAR_EL1);
	}
}

void rt_exception(struct rt_frame *frame, unsigned vector)
{
	read_frame(frame);
	if (!hooks[vector] || !hooks[vector](frame, vector)) {
		print_frame(frame, vector);
		rt_fail("unexpected exception");
	}
	if (rt_current_el() == 2) {
		write_sysreg(ELR_EL2, frame->pc);
		write_sysreg(SPSR_EL2, frame->pstate);
	} else {
		write_sysreg(ELR_EL1, frame->pc);
		write_sysreg(SPSR_EL1, frame->pstate);
	}
}
