/* Which case runs?  Reads: hostile.h. */
#include "tests/guests/s2_hostile/hostile.h"

#include "guest-hyp/rt/rt.h"

#define NAME_MAX 32

static const struct {
	char name[NAME_MAX];
	void (*run)(void);
} cases[] = {
	{ "broadcast", case_broadcast },
	{ "broadcast_again", case_broadcast_again },
	{ "garbage", case_garbage },
	{ "garbage_again", case_garbage_again },
	{ "own", case_own },
	{ "log", case_log },
};

void guest_main(void)
{
	char name[NAME_MAX];

	if (rt_current_el() != 2 || rt_vhe())
		rt_fail("needs EL2 with E2H = 0");
	rt_arg("case", name, sizeof(name));
	rt_mmu_on();
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, name)) {
			cases[i].run();
			rt_print("ok %s\n", name);
			return;
		}
	rt_fail("%s is not a case", name);
}
