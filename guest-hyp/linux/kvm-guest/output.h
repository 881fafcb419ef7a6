/*
 * Where does what L2 says go?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_OUTPUT_H
#define GUEST_HYP_LINUX_KVM_GUEST_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* With --exec the console is kept, and shown on stderr if verbose; without it is L1's terminal. */
void output_set(bool keeps_console, bool verbose);

void output_console(const void *bytes, size_t size);

/* What the command of --exec prints. */
void output_command(const void *bytes, size_t size);

/* The status that L2's init told on the console, or -1. */
int output_status(void);

/* The last lines of the console that was kept, on stderr. */
void output_explain(void);

#endif
