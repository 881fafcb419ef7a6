/* Which CPUs are there?  Reads: cpu.h.  Next: host/boot/cpus.c, which brings them up. */
#include "host/machine/cpu.h"

#include <stddef.h>

static struct cpu cpus[MAX_CPUS];
static unsigned count;

unsigned cpu_count(void)
{
	return count;
}

struct cpu *cpu_at(unsigned index)
{
	return &cpus[index];
}

struct cpu *cpu_add(uint64_t mpidr)
{
	struct cpu *cpu = &cpus[count];

	if (count == MAX_CPUS)
		return NULL;
	cpu->index = count++;
	cpu->timer = (struct cpu_timer){ TIMER_NEVER, TIMER_NEVER, TIMER_NEVER };
	cpu->held_until = TIMER_NEVER;
	cpu->mpidr = mpidr;
	return cpu;
}

bool cpu_is_online(const struct cpu *cpu)
{
	return __atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE);
}

void cpu_set_online(struct cpu *cpu)
{
	__atomic_store_n(&cpu->online, true, __ATOMIC_RELEASE);
}

unsigned cpus_online(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < count; i++)
		n += cpu_is_online(&cpus[i]);
	return n;
}
