/*
 * How does a machine with L0 and a guest hypervisor come to run?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_MACHINE_H
#define EXPERIMENTS_FIRN_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/child.h"

struct machine_config {
	const struct guest *guest;
	const char *mode;
	const char *cpu;
	unsigned smp;		  /* vCPUs of L1 */
	unsigned vms;		  /* that are all alike and run the same; 0: one */
	const char *virtual_time; /* firn,virtual-time of docs/device-tree.md, or NULL */
	const char *e2h;	  /* "0" or "1": firn,e2h of docs/device-tree.md, or NULL */
	unsigned cpus;		  /* CPUs of the machine; 0: as many */
	uint64_t memory;	  /* bytes of L1's RAM */
	const char *kernel;	  /* instead of the guest's own, or NULL */
	const char *initrd;	  /* instead of the guest's own, or NULL */
	const char *bootargs;	  /* behind the guest's own, or NULL */
	const char *exec;	  /* shell command for a Linux guest, or NULL */
	char stty[48];	       /* words for a Linux guest's stty: the size of the user's terminal; or empty */
	bool l2;	       /* our initramfs has kvm-guest and what it boots */
	bool measured;	       /* -icount, and markers in the ledger */
	bool verbose;	       /* show QEMU's command line */
	uint64_t patience;     /* seconds that a measured guest may say nothing; 0: for ever */
	uint64_t trace_bytes;  /* for L0's rings of events, a multiple of 2 MiB; 0: L0 records nothing */
	uint64_t trace_events; /* a set of TRACE_BIT */
};

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
