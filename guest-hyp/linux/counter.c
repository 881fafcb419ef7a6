/*
 * How many ticks since the machine's reset?  Prints CNTVCT_EL0: in a measured run on -cpu max a tick is an instruction. Before that it
 * makes a mark for who counts from outside (experiments/plugin/outside.h), which ends the workload l1_boot.
 */
#include <stdint.h>
#include <stdio.h>

int main(void)
{
	uint64_t ticks;

	__asm__ volatile("mov x25, x25; isb; mrs %0, cntvct_el0" : "=r"(ticks));
	printf("%llu\n", (unsigned long long)ticks);
	return 0;
}
