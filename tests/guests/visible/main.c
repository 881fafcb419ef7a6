/*
 * How are the topics run?  bootargs "vhe=0|1 topic=NAME[,NAME]"; without a topic all.  Reads: visible.h, run.c.  Next:
 * e2h.c, registers.c, exceptions.c, returns.c, traps.c, memory.c, endian.c, accesses.c, devices.c, distributor.c, controls.c, routing.c,
 * serror.c, sve.c, later.c, copies.c, signing.c, pmu.c, timers.c.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"

#define NAME_MAX 32

static const struct {
	char name[NAME_MAX];
	void (*run)(void);
} topics[] = {
	{ "registers", topic_registers },
	{ "exceptions", topic_exceptions },
	{ "tge", topic_tge },
	{ "returns", topic_returns },
	{ "ends", topic_ends },
	{ "debug", topic_debug },
	{ "traps", topic_traps },
	{ "fine", topic_fine },
	{ "stage2", topic_stage2 },
	{ "at", topic_at },
	{ "endian", topic_endian },
	{ "accesses", topic_accesses },
	{ "gic", topic_gic },
	{ "distributor", topic_distributor },
	{ "timer", topic_timer },
	{ "timers", topic_timers },
	{ "controls", topic_controls },
	{ "routing", topic_routing },
	{ "serror", topic_serror },
	{ "sve", topic_sve },
	{ "later", topic_later },
	{ "copies", topic_copies },
	{ "signing", topic_signing },
	{ "pmu", topic_pmu },
};

static bool wanted(const char *topic)
{
	char name[NAME_MAX];

	size_t length = strlen(topic);

	if (!rt_arg("topic", name, sizeof(name)))
		return true;
	for (const char *at = name; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (!strncmp(at, topic, length) && (at[length] == ',' || !at[length]))
			return true;
	return false;
}

static void run(const char *name, void (*topic)(void))
{
	if (!wanted(name))
		return;
	visible_prefix("%s", name);
	topic();
	rt_print("end %s\n", name);
}

void guest_main(void)
{
	char value[NAME_MAX];

	if (wanted("e2h")) {
		visible_start(false, false);
		run("e2h", topic_e2h);
	}
	visible_start(rt_arg("vhe", value, sizeof(value)) && value[0] == '1', true);
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		visible_reset_controls();
		run(topics[i].name, topics[i].run);
	}
}
