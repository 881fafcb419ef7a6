/*
 * Which case runs?  bootargs "case=NAME [vhe=1]". Prints "ok NAME" and ends the machine, or "not ok" and what was wrong.
 * Reads: hostile.h.  Next: encodings.c, tables.c, garbage.c, calls.c, devices.c, words.c, endless.c.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define NAME_MAX 32

void hostile_check(bool ok, const char *what, uint64_t detail, const struct outcome *o)
{
	if (ok)
		return;
	if (o)
		rt_print(
			"# vector %u esr 0x%lx pc 0x%lx pstate 0x%lx far 0x%lx; EL1: vector %lu esr 0x%lx elr 0x%lx far 0x%lx\n",
			o->vector, o->esr, o->pc, o->pstate, o->far, o->x[9], o->x[10], o->x[11], o->x[13]);
	rt_fail("%s, 0x%lx", what, detail);
}

static bool is_report(const struct outcome *o)
{
	return o->vector == RT_LOWER_SYNC && field_get(ESR_EC, o->esr) == EC_HVC64 &&
	       (o->esr & ESR_IMM16) == IMM_VECTOR;
}

bool hostile_undefined(const struct outcome *o, uint64_t pstate)
{
	uint64_t esr = field_get(SPSR_M_EL, pstate) == 2 ? o->esr : o->x[10];

	if (field_get(SPSR_M_EL, pstate) != 2 && !is_report(o))
		return false;
	return field_get(ESR_EC, esr) == EC_UNKNOWN;
}

bool hostile_abort_at_el1(const struct outcome *o)
{
	uint64_t class = field_get(ESR_EC, o->x[10]);

	return is_report(o) &&
	       (class == EC_DABT_CUR || class == EC_DABT_LOW || class == EC_IABT_CUR || class == EC_IABT_LOW);
}

bool hostile_abort_at_el2(const struct outcome *o)
{
	uint64_t class = field_get(ESR_EC, o->esr);

	return o->vector == RT_LOWER_SYNC && (class == EC_DABT_LOW || class == EC_IABT_LOW);
}

uint64_t hostile_random(void)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

	state ^= state << 13; /* xorshift64 */
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

uint64_t hostile_garbage(unsigned n)
{
	static const uint64_t fixed[] = { 0, ~UINT64_C(0), UINT64_C(0x5555555555555555),
					  UINT64_C(0xaaaaaaaaaaaaaaaa) };

	return n < sizeof(fixed) / sizeof(fixed[0]) ? fixed[n] : hostile_random();
}

static const struct {
	char name[NAME_MAX];
	void (*run)(void);
	bool mmu;
} cases[] = {
	{ "encodings", case_encodings, true },
	{ "writes", case_writes, true },
	{ "instructions", case_instructions, true },
	{ "vttbr", case_vttbr, true },
	{ "vtcr", case_vtcr, true },
	{ "spsr", case_spsr, true },
	{ "garbage", case_garbage, true },
	{ "e2h", case_e2h, false },
	{ "calls", case_calls, true },
	{ "psci", case_psci, true },
	{ "devices", case_devices, false },
	{ "words", case_words, false },
	{ "space", case_space, false },
	{ "vbar", case_vbar, true },
	{ "stack", case_stack, true },
	{ "erets", case_erets, true },
	{ "el1-vectors", case_el1_vectors, true },
	{ "mmio", case_mmio, false },
	{ "smc", case_smc, true },
	{ "tlbi", case_tlbi, true },
	{ "reset", case_reset, true },
	{ "on-off", case_on_off, true },
};

void guest_main(void)
{
	char name[NAME_MAX], vhe[NAME_MAX];

	rt_arg("case", name, sizeof(name));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(name, cases[i].name))
			continue;
		visible_start(rt_arg("vhe", vhe, sizeof(vhe)) && vhe[0] == '1', cases[i].mmu);
		visible_reset_controls();
		cases[i].run();
		rt_print("ok %s\n", name);
		return;
	}
	rt_fail("there is no case %s", name);
}
