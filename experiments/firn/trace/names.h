/*
 * What is an exit called, and the control that asked for it?
 */
#ifndef EXPERIMENTS_FIRN_TRACE_NAMES_H
#define EXPERIMENTS_FIRN_TRACE_NAMES_H

#include <stddef.h>

#include "nv/arch/sysreg.h"
#include "traces/events.h"

/* How tables name the reason of an exit: as `firn stat` does. */
void exit_reason(char *name, size_t size, const struct trace_kvm_exit *event);

/* "HCR_EL2.TVM" for a control; "" for none. */
void control_name(char *name, size_t size, enum sysreg reg, const char *field);

#endif
