/*
 * How many ticks since the machine's reset?  Prints CNTVCT_EL0. In a measured run on -cpu max a tick is an instruction, so
 * that this is what a boot took (experiments/numbers/boot).
 */
#include <stdint.h>
#include <stdio.h>

int main(void)
{
	uint64_t ticks;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks));
	printf("%llu\n", (unsigned long long)ticks);
	return 0;
}
