/*
 * Which L2 does the user want?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_OPTIONS_H
#define GUEST_HYP_LINUX_KVM_GUEST_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-hyp/linux/kvm-guest/vcpu.h"

struct options {
	unsigned cpus;
	unsigned without;				       /* as vcpu_feature has it */
	uint64_t memory;				       /* bytes, a multiple of 2 MiB */
	const char *kernel, *initrd, *append, *exec, *archive; /* NULL: not given */
	struct bus_wishes devices;
	bool verbose;
	enum kvm_el2 el2;
	bool marks; /* for firn stat */
};

/* Words to wishes. --help, and what is wrong, end the program. */
struct options options_parse(int argc, char **argv);

#endif
