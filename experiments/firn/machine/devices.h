/*
 * Which devices that move data does L1 have?  Those of --disk, --net, --share and --rng: virtio functions on the machine's PCI bus, each
 * assigned to one VM behind the SMMU (docs/devices.md).  Next: devices.c, qemu.c.
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_DEVICES_H
#define EXPERIMENTS_FIRN_MACHINE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "experiments/firn/tool/options.h"

#define DEVICES_OF_A_VM 4 /* as docs/device-tree.md has it */
#define DEVICES_MAX 31	  /* of a bus: device 0 is the host bridge */

/* As the user writes them. */
struct devices_given {
	const char *root; /* each VM has this first disk, where its programs are; or NULL */
	bool root_written;
	struct option_words disks, nets, shares;
	bool rng; /* each VM has one */
};

#define DEVICES_OPTIONS(given)                                                        \
	OPTION_WORDS("--disk", &(given).disks), OPTION_WORDS("--net", &(given).nets), \
		OPTION_WORDS("--share", &(given).shares), OPTION_SWITCH("--rng", &(given).rng)

static inline bool devices_are_given(const struct devices_given *given)
{
	return given->root || given->disks.count || given->nets.count || given->shares.count || given->rng;
}

static inline void devices_given_free(struct devices_given *given)
{
	free(given->disks.word);
	free(given->nets.word);
	free(given->shares.word);
}

struct device {
	char *host; /* two words for QEMU: an option, and what it is at the host's side; and the device itself, but for its */
	char *value; /* place on the bus */
	char *device;
	int fd; /* that value names, open until QEMU runs; -1: none */
	unsigned vm;
};

struct devices {
	struct device device[DEVICES_MAX];
	size_t count;
};

/* Is what is given for so many VMs as it should be, as far as the words tell? False after one line on stderr: the command line is wrong. */
bool devices_check(const struct devices_given *given, unsigned vms);

/*
 * Opens and checks what is given for so many VMs. Zero is an empty struct. False after one line on stderr; devices_close closes what is
 * open either way.
 */
bool devices_open(struct devices *devices, const struct devices_given *given, unsigned vms);
void devices_close(struct devices *devices);

/* The device of bus 0 that device number n is, as "@%x" in a path. */
static inline unsigned devices_slot(size_t n)
{
	return (unsigned)n + 1;
}

#endif
