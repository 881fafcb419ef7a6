/* Start-up, exceptions and the end of a bare guest.  Entered from start.S; hands over to guest_main(). */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/machine.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define PSCI_SYSTEM_OFF 0x84000008

extern const char rt_vectors[];
_Static_assert(sizeof(struct rt_frame) == 288, "start.S builds the frame");

void rt_start(const void *fdt);
void rt_exception(struct rt_frame *frame, unsigned vector);

static rt_hook hooks[16];

unsigned rt_current_el(void)
{
	return (unsigned)(read_sysreg(CurrentEL) >> 2 & 3);
}

bool rt_vhe(void)
{
	return rt_current_el() == 2 && read_sysreg(HCR_EL2) & HCR_E2H;
}

/* libfdt's distribution build may use vector registers. */
static void fp_on(void)
{
	if (rt_current_el() == 1)
		write_sysreg(CPACR_EL1, CPACR_FPEN);
	else if (rt_vhe())
		write_sysreg(CPTR_EL2, CPACR_FPEN);
	else
		write_sysreg(CPTR_EL2, CPTR_NVHE_RES1);
	isb();
}

void rt_start(const void *fdt)
{
	fp_on();
	if (rt_current_el() == 2)
		write_sysreg(VBAR_EL2, rt_vectors);
	else
		write_sysreg(VBAR_EL1, rt_vectors);
	isb();
	machine_init(fdt);
	guest_main();
	rt_off();
}

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

uint64_t rt_psci(uint32_t function, uint64_t a, uint64_t b, uint64_t c)
{
	bool hvc = rt_machine()->psci_hvc; /* a call after this line could clobber the argument registers */
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	if (hvc)
		__asm__ volatile("hvc #0"
				 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8", "x9",
				   "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
	else
		__asm__ volatile("smc #0"
				 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8", "x9",
				   "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
	return x0;
}

void rt_off(void)
{
	rt_psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		__asm__ volatile("wfi");
}
