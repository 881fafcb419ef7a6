/*
 * How are the topics run?  bootargs "vhe=0|1 topic=NAME[,NAME]"; without a topic all.  Reads: visible.h, run.c.  Next:
 * registers.c, exceptions.c, returns.c, traps.c, memory.c, endian.c, devices.c, serror.c, sve.c.
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
	{ "traps", topic_traps },
	{ "fine", topic_fine },
	{ "stage2", topic_stage2 },
	{ "at", topic_at },
	{ "endian", topic_endian },
	{ "gic", topic_gic },
	{ "timer", topic_timer },
	{ "serror", topic_serror },
	{ "sve", topic_sve },
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

void guest_main(void)
{
	char value[NAME_MAX];

	visible_start(rt_arg("vhe", value, sizeof(value)) && value[0] == '1', true);
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		if (!wanted(topics[i].name))
			continue;
		visible_reset_controls();
		visible_prefix("%s", topics[i].name);
		topics[i].run();
		visible_reset_controls();
		rt_print("end %s\n", topics[i].name);
	}
}
