/*
 * What does L2 meet under a stage 2 that makes no sense?  Tables outside of RAM, on devices, in themselves; formats that do
 * not exist; and SPSR_EL2 with every mode.  Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"

#define T0SZ_39 25
#define DESC_TABLE UINT64_C(3)
#define DESC_BLOCK UINT64_C(1)
#define S2_OPEN \
	(BIT(10) | BITS(9, 8) | BITS(7, 6) | BITS(5, 2)) /* AF, shareable, read and write, write-back */
#define S2_XN BIT(54)					 /* neither at EL1 nor at EL0 */
#define MIB_2 BIT(21)

static uint64_t vtcr(void)
{
	return VTCR_RES1 | field_put(VTCR_T0SZ, T0SZ_39) | field_put(VTCR_SL0, 1) | field_put(VTCR_SH0, 3) |
	       field_put(VTCR_IRGN0, 1) | field_put(VTCR_ORGN0, 1) | field_put(VTCR_PS, 2);
}

uint64_t hostile_stage2(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t *root = rt_page(), *middle = rt_page();

	root[m->ram >> 30] = (uint64_t)middle | DESC_TABLE;
	for (unsigned i = 0; i < 16; i++)
		middle[i] = (m->ram + i * MIB_2) | S2_OPEN | DESC_BLOCK;
	set(VTCR_EL2, vtcr());
	dsb(ish);
	return (uint64_t)root | field_put(VTTBR_VMID, 7);
}

static void flush(void)
{
	isb();
	dsb(ish);
	tlbi(vmalls12e1is);
	dsb(ish);
	isb();
}

/* The first fetch of L2 walks the tables. */
static const struct outcome *enter(uint64_t vttbr, uint64_t vtcr_value)
{
	set(VTCR_EL2, vtcr_value);
	set(VTTBR_EL2, vttbr);
	set(HCR_EL2, visible_hcr() | HCR_VM);
	flush();
	return visible_try(INSN_ISB, AT_EL1, 0, 0);
}

/*
 * Memory that is not there is an External abort of the walk; a register of a device gives some descriptor, and what that
 * does is any fault. In every case it is L1 that takes it.
 */
static void expect_fault(uint64_t vttbr)
{
	const struct outcome *o = enter(vttbr, vtcr());
	uint64_t type = o->esr & FSC_TYPE;

	hostile_check(hostile_abort_at_el2(o), "VTTBR_EL2 with no table behind it", vttbr, o);
	hostile_check(type == FSC_EXTERNAL_WALK || type == FSC_TRANSLATION || type == FSC_ADDRESS_SIZE ||
			      type == FSC_PERMISSION || type == FSC_ACCESS,
		      "fault status", vttbr, o);
}

static void fill(uint64_t *table, uint64_t value)
{
	for (unsigned i = 0; i < 512; i++)
		table[i] = value;
}

void case_vttbr(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t *loop = rt_page(), *outside = rt_page();
	uint64_t places[] = {
		0,	 m->uart, m->gicd, m->gicr,	m->ram - PAGE_SIZE, m->ram + m->ram_size,
		BIT(38), BIT(39), BIT(47), BITS(47, 12)
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		expect_fault(places[i]);
	/*
	 * Each table is its own next one; the last level then maps the table itself, without and with access. Nothing here
	 * may be executed: EL1 would take exceptions for ever, to vectors that are descriptors.
	 */
	fill(loop, (uint64_t)loop | DESC_TABLE);
	expect_fault((uint64_t)loop);
	fill(loop, (uint64_t)loop | DESC_TABLE | S2_OPEN | S2_XN);
	expect_fault((uint64_t)loop);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		fill(outside, places[i] | DESC_TABLE); /* next tables are where none are */
		expect_fault((uint64_t)outside);
		fill(outside, (places[i] & ~(BIT(30) - 1)) | S2_OPEN | S2_XN |
				      DESC_BLOCK); /* memory is where none is */
		expect_fault((uint64_t)outside);
	}
	for (unsigned n = 0; n < 500; n++) {
		for (unsigned i = 0; i < 512; i++)
			loop[i] = (hostile_random() & (n % 2 ? ~UINT64_C(0) : BITS(39, 0))) | S2_XN;
		expect_fault((uint64_t)loop | (hostile_random() & VTTBR_VMID));
	}
	for (unsigned n = 0; n < 500; n++)
		expect_fault(hostile_random());
	set(HCR_EL2, visible_hcr());
	flush();
	hostile_check(visible_done(visible_try(INSN_ISB, AT_EL1, 0, 0)), "L2 does not run any more", 0, NULL);
}

/* Every start level, granule and input size, good and reserved ones; then anything. */
void case_vtcr(void)
{
	uint64_t vttbr = hostile_stage2();
	unsigned ran = 0, refused = 0;

	for (unsigned n = 0; n < 64 * 4 * 4 * 2 + 1000; n++) {
		uint64_t value = n < 64 * 4 * 4 * 2 ? VTCR_RES1 | field_put(VTCR_T0SZ, n & 63) |
							      field_put(VTCR_SL0, n >> 6 & 3) |
							      field_put(VTCR_TG0, n >> 8 & 3) |
							      field_put(VTCR_PS, n >> 10 ? 7 : 2) :
						      hostile_random();
		const struct outcome *o = enter(vttbr, value);

		hostile_check(visible_done(o) || hostile_abort_at_el2(o), "VTCR_EL2", value, o);
		ran += visible_done(o);
		refused += !visible_done(o);
	}
	hostile_check(refused > 500, "too few reserved values are refused", refused, NULL);
	rt_print("# %u ran, %u refused\n", ran, refused);
	hostile_check(visible_done(enter(vttbr, vtcr())), "a good VTCR_EL2 does not run any more", 0, NULL);
}

/* An illegal return stays at EL2 with the state in the syndrome; a legal one goes where it says. */
void case_spsr(void)
{
	for (unsigned n = 0; n < 2000; n++) {
		uint64_t spsr = n < 32 ? n | PSTATE_DAIF : hostile_random();
		uint64_t el = field_get(SPSR_M_EL, spsr);
		bool illegal =
			(spsr & (SPSR_NRW | SPSR_M_RES0)) || el == 3 || (el == 0 && (spsr & SPSR_M_SP));
		const struct outcome *o = visible_run(visible_code(spsr, INSN_UDF), spsr, 0, 0);

		if (illegal)
			hostile_check(o->vector == RT_SYNC && field_get(ESR_EC, o->esr) == EC_ILL,
				      "illegal SPSR_EL2", spsr, o);
		else if (el == 2)
			hostile_check(o->vector == (spsr & SPSR_M_SP ? RT_SYNC : 0), "SPSR_EL2 for EL2", spsr,
				      o);
		else
			hostile_check(o->vector == RT_LOWER_SYNC && o->x[9] == (el == 0		 ? 8 :
										spsr & SPSR_M_SP ? 4 :
												   0),
				      "SPSR_EL2 for a lower level", spsr, o);
	}
}
