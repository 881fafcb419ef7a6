/* How many VMs, vCPUs and CPUs, and is there a shell?  Reads: sharing.h.  Next: host/run/sched.c, where they share. */
#include "experiments/firn/machine/sharing.h"

#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"

/* *out stays where the option is not given. */
static bool number(const char *option, const char *value, uint64_t max, unsigned *out)
{
	uint64_t n;

	if (!value)
		return true;
	if (!option_number(option, value, 1, max, &n))
		return false;
	*out = (unsigned)n;
	return true;
}

/* Without options one VM, one vCPU, and a CPU for each vCPU. False after one line on stderr. */
bool sharing_understand(const struct sharing_given *given, struct machine_config *config)
{
	const char *time = given->virtual_time;

	config->smp = config->vms = 1;
	if (!number("--smp", given->smp, MAX_CPUS, &config->smp) ||
	    !number("--vms", given->vms, VMS_MOST, &config->vms))
		return false;
	config->cpus = config->smp;
	if (!number("--cpus", given->cpus, MAX_CPUS, &config->cpus))
		return false;
	if (time && strcmp(time, "wall-clock") != 0 && strcmp(time, "running") != 0)
		return !complain(STATUS_USAGE, "--virtual-time: '%s' is neither wall-clock nor running",
				 time);
	if (time && strcmp(time, "running") == 0 && config->smp > 1)
		return !complain(STATUS_USAGE,
				 "--virtual-time running is for VMs with one vCPU; leave out --smp");
	config->virtual_time = time;
	if (given->e2h && strcmp(given->e2h, "0") != 0 && strcmp(given->e2h, "1") != 0)
		return !complain(STATUS_USAGE, "--e2h: '%s' is neither 0 nor 1", given->e2h);
	config->e2h = given->e2h;
	return true;
}

bool sharing_has_shell(const struct machine_config *config, const char *exec, const char *kernel,
		       const char *initrd)
{
	bool is_linux = config->guest->kind == GUEST_LINUX;

	if (!is_linux && !kernel && (exec || initrd || config->add.count))
		return !complain(STATUS_USAGE,
				 "guest %s has no shell, so %s cannot be used with it; choose a Linux guest",
				 config->guest->name,
				 exec	? "--exec" :
				 initrd ? "--initrd" :
					  "--add");
	return !config->with_qemu || (is_linux && !initrd) ||
	       !complain(STATUS_USAGE, "--with-qemu is for a Linux guest with firn's own initramfs; "
				       "to another one, add what it needs with --add");
}
