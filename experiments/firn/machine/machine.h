/*
 * How does a machine with L0 and a guest hypervisor come to run?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_MACHINE_H
#define EXPERIMENTS_FIRN_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/machine/config.h"
#include "experiments/firn/tool/child.h"

struct machine {
	struct child child;
	int ram_fd; /* the machine's RAM, readable also when the machine has ended */
	uint64_t ram_base;
	uint64_t ram_bytes;
	uint64_t trace_pa; /* where the rings are */
	uint64_t trace_bytes;
};

/* Checks everything that can be checked, then starts QEMU.  False after one line on stderr, with nothing left
 * behind. */
bool machine_start(struct machine *machine, const struct machine_config *config);

/* Ends QEMU if it still runs; frees everything. */
void machine_stop(struct machine *machine);

#endif
