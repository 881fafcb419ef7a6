/*
 * What is an exit called, and the control that asked for it?
 */
#ifndef EXPERIMENTS_FIRN_TRACE_NAMES_H
#define EXPERIMENTS_FIRN_TRACE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "nv/arch/sysreg.h"
#include "traces/events.h"

/* How tables name the reason of an exit: as `firn stat` does. */
void exit_reason(char *name, size_t size, const struct trace_kvm_exit *event);

/* "HCR_EL2.TVM" for a control; "" for none. */
void control_name(char *name, size_t size, enum sysreg reg, const char *field);

/* Is it name, or does it begin with name and the separator of its parts?  0: the first only. */
bool is_named(const char *whole, const char *name, char separator);

/* Could a trap be called so, by its reason (or the beginning of one, up to a ':') or its level (up to a ' ')? */
bool trap_name_is_possible(const char *name);

#endif
