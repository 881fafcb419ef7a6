/*
 * Does hardware translate through a stage 1 as nv/s1_walk.c says?  AT S1E1*, S1E0* and the PAN forms, on random tables.
 * Reads: oracle.h, nv/s1_walk.h.
 */
#include "nv/arch/pa_range.h"
#include "tests/guests/s2_oracle/oracle.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/s1_walk.h"

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1)
#define DESC_AF BIT(10)
#define LAST_LEVEL 3
#define PAR_COMPARED (PAR_F | PAR_SH | PAR_PA | PAR_ATTR)
#define PAR_COMPARED_FAULT (PAR_F | PAR_FST | PAR_PTW | PAR_S)
#define AT_WITH_PAN ".arch armv8.2-a\n\t"

static struct s1_cpu cpu;
static struct s1_regime regime;
static uint64_t va, leaves, faults;

void stage1_setup(void)
{
	uint64_t mmfr0 = read_sysreg(ID_AA64MMFR0_EL1), mmfr1 = read_sysreg(ID_AA64MMFR1_EL1);
	uint64_t mmfr2 = read_sysreg(ID_AA64MMFR2_EL1);

	cpu = (struct s1_cpu){
		.pa_bits = pa_range_bits(field_get(ID_AA64MMFR0_PARANGE, mmfr0)),
		.granule_4k = field_get(ID_AA64MMFR0_TGRAN4, mmfr0) < 8,
		.granule_16k = field_get(ID_AA64MMFR0_TGRAN16, mmfr0),
		.granule_64k = field_get(ID_AA64MMFR0_TGRAN64, mmfr0) < 8,
		.lpa2_4k = field_get(ID_AA64MMFR0_TGRAN4, mmfr0) == 1,
		.lpa2_16k = field_get(ID_AA64MMFR0_TGRAN16, mmfr0) == 2,
		.large_va = field_get(ID_AA64MMFR2_VARANGE, mmfr2),
		.small_tables = field_get(ID_AA64MMFR2_ST, mmfr2),
		.access_flag = field_get(ID_AA64MMFR1_HAFDBS, mmfr1) >= 1,
		.dirty_state = field_get(ID_AA64MMFR1_HAFDBS, mmfr1) >= 2,
		.hierarchy_off = field_get(ID_AA64MMFR1_HPDS, mmfr1),
		.e0pd = field_get(ID_AA64MMFR2_E0PD, mmfr2),
		.pan3 = field_get(ID_AA64MMFR1_PAN, mmfr1) >= 3,
	};
	write_sysreg(HCR_EL2, HCR_RW);
	isb();
}

static uint64_t size(void)
{
	return oracle_one_in(8) ? oracle_below(64) : 12 + oracle_below(37);
}

static uint64_t random_tcr(void)
{
	uint64_t tcr = field_put(TCR_T0SZ, size()) | field_put(TCR_T1SZ, size()) |
		       field_put(TCR_TG0, oracle_below(oracle_one_in(8) ? 4 : 3)) |
		       field_put(TCR_TG1, (oracle_one_in(8) ? 0 : 1) + oracle_below(3)) |
		       field_put(TCR_IPS, oracle_one_in(4) ? oracle_below(8) : 5 + oracle_below(2)) |
		       field_put(TCR_SH0, oracle_sh()) | field_put(TCR_SH1, oracle_sh());

	tcr |= oracle_random() & (TCR_TBI0 | TCR_TBI1 | TCR_HPD0 | TCR_HPD1);
	tcr |= oracle_one_in(8) ? oracle_random() & (TCR_EPD0 | TCR_EPD1 | TCR_E0PD0 | TCR_E0PD1) : 0;
	tcr |= oracle_one_in(3) ? TCR_HA | (oracle_random() & TCR_HD) : 0;
	return tcr | (oracle_one_in(2) && (cpu.lpa2_4k || cpu.lpa2_16k) ? TCR_DS : 0);
}

static uint64_t random_pool_address(void)
{
	return oracle_pool() + (oracle_below(ORACLE_POOLS) << ORACLE_POOL_SHIFT);
}

static uint64_t address_bits(const struct s1_walk *w, uint64_t address)
{
	address &= oracle_address_bits(w->oa_bits, w->ds);
	if (w->ds)
		return (address & BITS(49, 0)) | field_put(BITS(9, 8), address >> 50);
	if (w->lpa)
		return (address & BITS(47, 16)) | field_put(BITS(15, 12), address >> 48);
	return address & BITS(47, 0);
}

static uint64_t random_descriptor(const struct s1_walk *w)
{
	uint64_t kind = oracle_below(16),
		 attributes = oracle_random() & (BITS(63, 59) | BITS(54, 51) | BITS(11, 2));
	unsigned shift = w->granule_shift + (w->granule_shift - 3) * (unsigned)(LAST_LEVEL - w->level);
	uint64_t out = oracle_random() & BITS(oracle_one_in(4) ? 51 : 39, 0) & (~UINT64_C(0) << shift), leaf;

	attributes &= ~BITS(9, 8);
	attributes |= w->ds ? 0 : field_put(BITS(9, 8), oracle_sh());
	leaf = address_bits(w, out) | attributes | (oracle_one_in(8) ? 0 : DESC_AF) | DESC_VALID;
	if (kind == 0)
		return oracle_random() & ~DESC_VALID;
	if (w->level == LAST_LEVEL)
		return leaf | (kind == 1 ? 0 : DESC_TABLE);
	if (kind < 5 && shift <= w->oa_bits)
		return leaf;
	if (kind == 5)
		return address_bits(w, random_pool_address() | (oracle_random() & BITS(51, 40))) |
		       DESC_TABLE | DESC_VALID;
	return address_bits(w, random_pool_address()) | (oracle_random() & BITS(63, 59)) | DESC_TABLE |
	       DESC_VALID;
}

/*
 * With make, places that were not written yet get a value. False: a table is not in the pool.
 * QEMU up to 10.0 checks an address in a descriptor against the output size with the bits that a block ignores, and without
 * those that come from the VA: so such bits are 0 here, and there are no blocks beyond the output size.
 */
static bool software(struct s1_walk *w, struct s1_access access, bool make)
{
	enum s1_step step = s1_begin(w, &cpu, &regime, access, va);

	while (step == S1_NEXT) {
		uint64_t slot = s1_slot(w);

		if (!oracle_in_pool(slot))
			return false;
		if (make && !oracle_is_written(slot))
			oracle_write(slot, random_descriptor(w));
		step = s1_feed(w, *(volatile uint64_t *)slot);
	}
	return true;
}

/* A VA that is likely in one of the two halves. */
static uint64_t random_va(void)
{
	bool high = oracle_one_in(2);
	unsigned tsz = (unsigned)(high ? field_get(TCR_T1SZ, regime.tcr) : field_get(TCR_T0SZ, regime.tcr));
	uint64_t inside = oracle_random() & (~UINT64_C(0) >> tsz), above = tsz ? ~(~UINT64_C(0) >> tsz) : 0;
	uint64_t value = high ? inside | above : inside;

	return oracle_one_in(4)	 ? value ^ (oracle_random() & BITS(63, 56)) :
	       oracle_one_in(16) ? oracle_random() :
				   value;
}

static void set_pan(bool on)
{
	if (on)
		__asm__ volatile(AT_WITH_PAN "msr pan, #1" ::: "memory");
	else
		__asm__ volatile(AT_WITH_PAN "msr pan, #0" ::: "memory");
}

static uint64_t hardware(struct s1_access a, bool pan_form)
{
	set_pan(a.pan);
	if (pan_form && a.write)
		__asm__ volatile(AT_WITH_PAN "at s1e1wp, %0" ::"r"(va) : "memory");
	else if (pan_form)
		__asm__ volatile(AT_WITH_PAN "at s1e1rp, %0" ::"r"(va) : "memory");
	else if (a.el0 && a.write)
		__asm__ volatile("at s1e0w, %0" ::"r"(va) : "memory");
	else if (a.el0)
		__asm__ volatile("at s1e0r, %0" ::"r"(va) : "memory");
	else if (a.write)
		__asm__ volatile("at s1e1w, %0" ::"r"(va) : "memory");
	else
		__asm__ volatile("at s1e1r, %0" ::"r"(va) : "memory");
	set_pan(false);
	isb();
	return read_sysreg(PAR_EL1);
}

static void compare(struct s1_access a, bool pan_form)
{
	struct s1_walk w;
	uint64_t par, compared;

	software(&w, a, false);
	compared = w.par & PAR_F ? PAR_COMPARED_FAULT : PAR_COMPARED;
	leaves += !(w.par & PAR_F);
	faults += w.par & PAR_F;
	par = hardware(a, pan_form);
	if ((par & compared) != (w.par & compared))
		oracle_differs(a.el0	? "PAR_EL1 of AT S1E0*" :
			       pan_form ? "PAR_EL1 of AT S1E1*P" :
					  "PAR_EL1 of AT S1E1*",
			       par, w.par);
}

void stage1_case(void)
{
	static const struct s1_access forms[] = {
		{ false, false, false },
		{ true, false, false },
		{ false, true, false },
		{ true, true, false },
	};
	struct s1_walk w;

	regime = (struct s1_regime){ SCTLR_EL1_RES1 | (oracle_one_in(64) ? 0 : SCTLR_M) |
					     (oracle_one_in(2) ? SCTLR_EPAN : 0),
				     random_tcr(),
				     random_pool_address(),
				     random_pool_address(),
				     UINT64_C(0xffbb440c04004fff),
				     false };
	va = random_va();
	if (!software(&w, forms[0], true))
		return;
	write_sysreg(TCR_EL1, regime.tcr);
	write_sysreg(TTBR0_EL1, regime.ttbr0);
	write_sysreg(TTBR1_EL1, regime.ttbr1);
	write_sysreg(MAIR_EL1, regime.mair);
	write_sysreg(SCTLR_EL1, regime.sctlr);
	dsb(ish);
	isb();
	tlbi(vmalle1);
	dsb(ish);
	isb();
	for (unsigned i = 0; i < 4; i++)
		compare(forms[i], false);
	for (unsigned i = 0; i < 4; i++)
		compare((struct s1_access){ .write = i & 1, .pan = i & 2 }, true);
}

void stage1_describe(void)
{
	rt_print("# TCR_EL1 0x%lx TTBR0_EL1 0x%lx TTBR1_EL1 0x%lx SCTLR_EL1 0x%lx VA 0x%lx\n", regime.tcr,
		 regime.ttbr0, regime.ttbr1, regime.sctlr, va);
}

void stage1_totals(void)
{
	rt_print("# AT: %lu translations, %lu faults\n", leaves, faults);
	if (leaves < faults / 20)
		rt_fail("oracle: the cases are too bad to say anything");
}
