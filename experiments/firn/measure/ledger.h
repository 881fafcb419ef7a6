/*
 * Where in the machine's memory are the counts that L0 kept, and are they sound?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_LEDGER_H
#define EXPERIMENTS_FIRN_MEASURE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "traces/ledger.h"

struct ledger {
	struct ledger_header header;
	struct ledger_vcpu *vcpu; /* header.vcpus of them */
};

/*
 * Copies the ledger out of the memory file ram_fd, which is the machine's physical memory from ram_base on.
 * False after one line on stderr.
 */
bool ledger_read(struct ledger *ledger, int ram_fd, uint64_t ram_base, uint64_t ram_bytes);

/* All traps that the counts know, of every level and reason. */
uint64_t ledger_sum(const struct ledger_counts *counts);

/*
 * Is the sum of the counts the number of vector entries, now and at each mark, on every vCPU?  False after
 * one line on stderr for each that is not, with the numbers.
 */
bool ledger_is_sound(const struct ledger *ledger);

/*
 * What was counted until the one mark that each vCPU has becomes the stretch between marks 1 and 2, with nothing between marks 0 and 1:
 * as if the machine had made two marks when it was reset.
 */
void ledger_from_reset(struct ledger *ledger);

void ledger_free(struct ledger *ledger);

#endif
