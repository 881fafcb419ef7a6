/* What follows when a VM's functions take too much of L0's time?  Reads: flood.h. */
#include "host/device/flood.h"

#include "host/interrupt/timer.h"
#include "host/machine/cpu.h"
#include "host/report/print.h"
#include "host/vm/vm.h"

void flood_look_by(struct cpu *cpu, uint64_t at)
{
	if (at < cpu->held_until)
		cpu->held_until = at;
	if (at < cpu->timer.sched)
		timer_sched(cpu, at);
}

__attribute__((cold)) void flood_tell(const struct vm *vm, uint16_t rid, const char *what, uint64_t times)
{
	if (!(times & (times - 1)))
		print("firn: VM %u: PCI function %02x.%u %s (%lu times so far)\n", vm->index, rid >> 3,
		      rid & 7, what, times);
}
