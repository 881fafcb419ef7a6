/*
 * What does somebody who wants a machine say of it?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_CONFIG_H
#define EXPERIMENTS_FIRN_MACHINE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/machine/devices.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/options.h"

struct machine_config {
	const struct guest *guest;
	const char *mode;
	const char *cpu;
	unsigned smp;		  /* vCPUs of L1 */
	unsigned vms;		  /* that are all alike and run the same; 0: one */
	const char *virtual_time; /* firn,virtual-time of docs/device-tree.md, or NULL */
	const char *e2h;	  /* "0" or "1": firn,e2h of docs/device-tree.md, or NULL */
	unsigned resets;	  /* of L1 within ten seconds that end it; 0: it may have any number */
	unsigned cpus;		  /* CPUs of the machine; 0: as many */
	uint64_t memory;	  /* bytes of L1's RAM */
	const char *kernel;	  /* instead of the guest's own, or NULL */
	const char *initrd;	  /* instead of the guest's own, "" for none, or NULL */
	const char *bootargs;	 /* behind the guest's own, in place of them with kernel or initrd; or NULL */
	struct option_words add; /* of --add: files for a Linux guest's initramfs (add.h) */
	unsigned gdb;		 /* port of QEMU's gdb stub, which the machine waits for; 0: none */
	bool with_qemu;		 /* in L1's PATH */
	struct option_words modules;  /* of --module: files for L1's RAM (modules.h) */
	struct devices_given devices; /* that move data */
	const char *exec;	      /* shell command for a Linux guest, or NULL */
	bool terminal;		      /* somebody sits at it, at a terminal */
	bool applications;	      /* and, with l2, also for that */
	bool l2;		      /* our initramfs has kvm-guest and what it boots */
	bool measured;		      /* -icount, and markers in the ledger */
	bool verbose;		      /* show QEMU's command line */
	uint64_t patience;	      /* seconds that a measured guest may say nothing; 0: for ever */
	int outside_fd; /* where the plugin writes what it counts, which is the RAM's file otherwise; 0: no plugin */
	uint64_t text, text_bytes; /* of L0: where the plugin counts each instruction */
	uint64_t trace_bytes;	   /* for L0's rings of events, a multiple of 2 MiB; 0: L0 records nothing */
	uint64_t trace_events;	   /* a set of TRACE_BIT */
};

#endif
