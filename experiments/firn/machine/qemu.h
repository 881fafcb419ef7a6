/*
 * Which QEMU runs, and with which command line?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_QEMU_H
#define EXPERIMENTS_FIRN_MACHINE_QEMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/machine/devices.h"
#include "experiments/firn/machine/modules.h"

/* Words of a command line; the last one is followed by NULL. */
struct words {
	char **word;
	size_t count;
};

/* What decides how the machine looks, to itself and in its device tree. */
struct qemu_hardware {
	const char *cpu;
	unsigned smp;
	uint64_t ram;		       /* bytes */
	const struct devices *devices; /* behind an SMMU, which is there if there are any */
};

/* What is put into it. */
struct qemu_contents {
	int ram_fd; /* memory file that is the RAM */
	int l0_fd, dtb_fd;
	int kernel_fd, ramdisk_fd; /* ramdisk_fd -1: none */
	uint64_t kernel_pa, ramdisk_pa;
	const struct modules *modules;
	const char *
		append; /* the command line of a kernel that runs in L0's place, kernel_fd; NULL: firn is L0 */
	int plugin_fd, outside_fd; /* a plugin, and what it writes to; outside_fd 0: none */
	uint64_t text, text_bytes; /* for it */
	unsigned gdb;		   /* port of its gdb stub, without which it does not start; 0: none */
	bool measured;		   /* one instruction is one nanosecond, nothing depends on the wall clock */
};

/* "qemu-system-aarch64", or what FIRN_QEMU in the environment names. */
const char *qemu_program(void);

#define QEMU_SEED 1 /* of all that is random in a measured machine */

/* "10.0.2", or "" where it does not run or does not tell. New memory. */
char *qemu_version(void);

/* Is QEMU there and new enough?  False after one line on stderr. */
bool qemu_check(void);

/* Command line that makes QEMU write the machine's device tree to a file and end. */
struct words qemu_dump_command(const struct qemu_hardware *hardware, const char *file);

/* Command line that runs the machine, console on stdin and stdout. */
struct words qemu_run_command(const struct qemu_hardware *hardware, const struct qemu_contents *contents);

/* One more word, as printf writes it. */
void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

void words_free(struct words *words);

#endif
