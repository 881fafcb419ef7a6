/* How does a bare guest ask its firmware for something, and end?  Through the conduit that the device tree names. */
#include "guest-hyp/rt/rt.h"

#define PSCI_SYSTEM_OFF 0x84000008

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
