/*
 * What do loads and stores do to devices, and to addresses where nothing is?  Every register of the interrupt controller and
 * the UART in every size, aligned or not, and the whole address space in steps: a value, or an abort that EL1 takes.
 * Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

/* Loads and stores of x1 at x0. */
static const uint32_t loads[] = {
	0x39400001, /* ldrb */
	0x79400001, /* ldrh */
	0xb9400001, /* ldr w */
	0xf9400001, /* ldr x */
	0x39800001, /* ldrsb */
	0xb9800001, /* ldrsw */
	0xa9400801, /* ldp x1, x2 */
	0xf8408401, /* ldr x, post-index */
	0xc8dffc01, /* ldar */
	0xc85f7c01, /* ldxr */
};
static const uint32_t stores[] = {
	0x39000001, /* strb */
	0x79000001, /* strh */
	0xb9000001, /* str w */
	0xf9000001, /* str x */
	0x3900001f, /* strb wzr */
	0xa9000801, /* stp x1, x2 */
	0xf8008401, /* str x, post-index */
	0xc89ffc01, /* stlr */
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void touch(uint32_t insn, uint64_t address, uint64_t value)
{
	const struct outcome *o = visible_try(insn, AT_EL1, address, value);

	hostile_check(visible_done(o) || hostile_abort_at_el1(o), "access", address, o);
}

/* Each instruction where each step is, from an offset that is not always aligned. */
static void sweep(uint64_t base, uint64_t size, uint64_t step, bool write)
{
	for (uint64_t at = 0; at < size; at += step) {
		touch(loads[hostile_random() % COUNT(loads)],
		      base + at + (hostile_random() % 8 ? 0 : hostile_random() % 8), 0);
		if (write)
			touch(stores[hostile_random() % COUNT(stores)],
			      base + at + (hostile_random() % 8 ? 0 : hostile_random() % 8),
			      hostile_garbage((unsigned)(hostile_random() % 6)));
	}
}

/* Every instruction at one place. */
static void all_at(uint64_t address)
{
	for (size_t i = 0; i < COUNT(loads); i++)
		touch(loads[i], address, 0);
	for (size_t i = 0; i < COUNT(stores); i++)
		touch(stores[i], address, hostile_random());
}

void case_devices(void)
{
	const struct rt_machine *m = rt_machine();

	sweep(m->gicd, 0x2000, 4, true);
	sweep(m->gicd + 0x2000, 0xe000, 68, true);
	for (unsigned frame = 0; frame < 2 * m->cpus; frame++) {
		sweep(m->gicr + 0x10000 * frame, 0x1000, 4, true);
		sweep(m->gicr + 0x10000 * frame + 0x1000, 0xf000, 68, true);
	}
	sweep(m->uart + 4, 0xffc, 4, true); /* without UARTDR, which this would print */
	all_at(m->gicd);
	all_at(m->gicd + 0x6000);
	all_at(m->gicd + 0xfffe);
	all_at(m->gicr);
	all_at(m->gicr + 0x1ffff);
	all_at(m->gicr + 0x20000 * m->cpus);
	all_at(m->uart + 0x18);
	all_at(m->uart + 0xffe);
	all_at(m->uart + 0x1000);
	hostile_check(visible_done(visible_try(INSN_ISB, AT_EL1, 0, 0)), "L2 does not run any more", 0, NULL);
}

static bool is_something(uint64_t address)
{
	const struct rt_machine *m = rt_machine();

	return address - m->ram < m->ram_size || address - m->gicd < m->gicd_size ||
	       address - m->gicr < m->gicr_size || address - m->uart < 0x1000;
}

/* Addresses below RAM, behind it, and at all powers of two: nothing of L0's or of another VM's answers. */
void case_space(void)
{
	const struct rt_machine *m = rt_machine();

	for (unsigned bit = 12; bit < 48; bit++) {
		uint64_t address = BIT(bit);

		if (is_something(address))
			continue;
		for (size_t i = 0; i < COUNT(loads); i++)
			hostile_check(hostile_abort_at_el1(visible_try(loads[i], AT_EL1, address, 0)),
				      "read of nothing", address, NULL);
		hostile_check(hostile_abort_at_el1(visible_try(stores[3], AT_EL1, address, 0)),
			      "write of nothing", address, NULL);
		hostile_check(hostile_abort_at_el1(visible_try(INSN_BR_X0, AT_EL1, address, 0)),
			      "fetch of nothing", address, NULL);
	}
	for (uint64_t at = m->ram + m->ram_size; at < m->ram + (UINT64_C(16) << 30);
	     at += UINT64_C(64) << 20) {
		hostile_check(hostile_abort_at_el1(visible_try(loads[3], AT_EL1, at, 0)), "read behind RAM",
			      at, NULL);
		hostile_check(hostile_abort_at_el1(visible_try(stores[3], AT_EL1, at, 0)), "write behind RAM",
			      at, NULL);
	}
}
