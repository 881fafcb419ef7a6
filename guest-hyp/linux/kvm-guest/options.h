/*
 * Which L2 does the user want?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_OPTIONS_H
#define GUEST_HYP_LINUX_KVM_GUEST_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define CPUS_MAX 16 /* KVM gives vCPU n the affinity 0.0.0.n up to here */
#define DISKS_MAX 4
#define MIB(n) (UINT64_C(n) << 20)

/* Does L2 start at a virtual EL2, as what? */
enum el2 {
	EL2_NONE,
	EL2_VHE,
	EL2_NVHE,
};

/* What --without can name. */
enum feature {
	SVE,
	PAUTH,
	PMU,
	MOPS,
};

struct options {
	uint64_t memory; /* bytes, a multiple of 2 MiB */
	unsigned cpus, disks;
	unsigned without; /* a bit of each enum feature */
	enum el2 el2;
	const char *kernel, *initrd, *archive, *exec; /* NULL: not given */
	const char *append;			      /* "": not given */
	const char *disk[DISKS_MAX];
	bool net, verbose;
	bool marks; /* for firn stat */
};

/* Words to wishes. --help, and what is wrong, end the program. */
struct options options_parse(int argc, char **argv);

#endif
