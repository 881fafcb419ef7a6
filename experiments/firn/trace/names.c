/* What is an exit called, and the control that asked for it?  Reads: names.h, measure/measure.h. */
#include "experiments/firn/trace/names.h"

#include <stdio.h>
#include <string.h>

#include "experiments/firn/measure/measure.h"
#include "nv/arch/fields.h"

/*
 * The index that L0 counts the exit under (traces/ledger.h): so a trap has the same name in a recording and in firn
 * stat.
 */
static unsigned ledger_reason(const struct trace_kvm_exit *event)
{
	static const unsigned asynchronous[] = { LEDGER_IRQ, LEDGER_SERROR, 0, LEDGER_FIQ };
	enum sysreg r;

	if (event->ret >= 0 && event->ret < 4 && event->ret != 2)
		return asynchronous[event->ret];
	if (event->is_mark)
		return LEDGER_MARK;
	if (event->esr_ec == EC_WFX)
		return event->esr_el2 & ESR_WFX_TI ? LEDGER_WFE : LEDGER_WFI;
	if (event->esr_ec != EC_SYS64)
		return event->esr_ec & 63;
	r = sysreg_from_iss((uint32_t)(event->esr_el2 & ESR_ISS));
	return r == SR_NONE ? EC_SYS64 : LEDGER_SYSREG + 2 * (unsigned)r + !(event->esr_el2 & ESR_SYS64_READ);
}

/* A register that firn's list lacks has the name that the Arm manual gives to what has none. */
void exit_reason(char *name, size_t size, const struct trace_kvm_exit *event)
{
	unsigned reason = ledger_reason(event);

	if (reason == EC_SYS64)
		unlisted_name(name, size, (uint32_t)(event->esr_el2 & ESR_ISS));
	else if (reason == LEDGER_MARK)
		snprintf(name, size, "MARK");
	else
		reason_name(name, size, reason);
}

/* nv/arch/fields.h writes HCR_TVM for HCR_EL2.TVM and HFGRTR_X for the same bit of HFGWTR_EL2. */
void control_name(char *name, size_t size, enum sysreg reg, const char *field)
{
	const char *whole = sysreg_info[reg].name;
	size_t stem = strlen(whole) > 4 ? strlen(whole) - 4 : 0;

	name[0] = '\0';
	if (reg == SR_NONE || !field)
		return;
	if (strncmp(field, whole, stem) == 0 && field[stem] == '_')
		field += stem + 1;
	else if (strchr(field, '_'))
		field = strchr(field, '_') + 1;
	snprintf(name, size, "%s.%s", whole, field);
}

bool is_named(const char *whole, const char *name, char separator)
{
	size_t length = strlen(name);

	return strncmp(whole, name, length) == 0 &&
	       (whole[length] == '\0' || (separator && whole[length] == separator));
}

bool trap_name_is_possible(const char *name)
{
	char reason[64];

	for (unsigned i = 0; i < LEDGER_L0; i++)
		if (is_named(ledger_level_names[i], name, ' '))
			return true;
	for (unsigned i = 0; i < LEDGER_SYSREG + 2 * SR_COUNT; i++) {
		reason_name(reason, sizeof(reason), i);
		if (is_named(reason, name, ':'))
			return true;
	}
	return false;
}
