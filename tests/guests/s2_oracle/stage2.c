/*
 * Does hardware translate through a stage 2 as shadow-s2/walk.c says?  A case is one VTCR_EL2 and VTTBR_EL2, good ones and
 * bad, and the descriptors on the way of one IPA. The walker names the places of descriptors that get random values;
 * hardware, which computes places of its own, reads zeroes wherever the two do not agree.
 * Reads: oracle.h, shadow-s2/walk.h, shadow-s2/combine.h.
 */
#include "nv/arch/pa_range.h"
#include "tests/guests/s2_oracle/oracle.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "shadow-s2/combine.h"
#include "shadow-s2/walk.h"

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1)
#define DESC_READ BIT(6)
#define DESC_WRITE BIT(7)
#define DESC_AF BIT(10)
#define DESC_MEMATTR_WB BITS(5, 2)
#define LAST_LEVEL 3

/* A page of the pool holds BRK #page, so that data and instructions say where they are from. */
#define BRK(n) (UINT32_C(0xd4200000) | (uint32_t)(n) << 5)
#define LDR_X1_X0 UINT32_C(0xf9400001)
#define STR_X1_X0 UINT32_C(0xf9000001)
#define BRK_DATA 0x1000 /* of the code that makes an access: numbers beyond those of the pages */
#define TARGET_SHIFT 12
#define TARGETS 64
#define STORED UINT64_C(0x5eed5eed5eed5eed)
#define PAR_COMPARED (PAR_F | PAR_SH | PAR_PA | PAR_ATTR)
#define PAR_COMPARED_FAULT (PAR_F | PAR_FST | PAR_PTW | PAR_S)

static struct s2_cpu cpu;
static uint64_t vtcr, vttbr, hcr, target, code;
static l2_ipa_t ipa;
static struct s2_geometry geometry;
static uint64_t leaves, faults, accesses, refused;

/* --- the machine --- */

static bool has_granule_2(uint64_t field_2, uint64_t field, unsigned there, unsigned not_there)
{
	return field_2 ? field_2 >= 2 : field >= there && field != not_there;
}

static void read_cpu(void)
{
	uint64_t mmfr0 = read_sysreg(ID_AA64MMFR0_EL1), mmfr1 = read_sysreg(ID_AA64MMFR1_EL1);
	uint64_t tgran4_2 = field_get(ID_AA64MMFR0_TGRAN4_2, mmfr0),
		 tgran16_2 = field_get(ID_AA64MMFR0_TGRAN16_2, mmfr0);

	cpu = (struct s2_cpu){
		.pa_bits = pa_range_bits(field_get(ID_AA64MMFR0_PARANGE, mmfr0)),
		.granule_16k = has_granule_2(tgran16_2, field_get(ID_AA64MMFR0_TGRAN16, mmfr0), 1, 0),
		.granule_64k = has_granule_2(field_get(ID_AA64MMFR0_TGRAN64_2, mmfr0),
					     field_get(ID_AA64MMFR0_TGRAN64, mmfr0), 0, 0xf),
		.lpa2_4k = tgran4_2 == 3 || (!tgran4_2 && field_get(ID_AA64MMFR0_TGRAN4, mmfr0) == 1),
		.lpa2_16k = tgran16_2 == 3 || (!tgran16_2 && field_get(ID_AA64MMFR0_TGRAN16, mmfr0) == 2),
		.small_tables = field_get(ID_AA64MMFR2_ST, read_sysreg(ID_AA64MMFR2_EL1)),
		.xnx = field_get(ID_AA64MMFR1_XNX, mmfr1),
		.access_flag = field_get(ID_AA64MMFR1_HAFDBS, mmfr1) >= 1,
		.dirty_state = field_get(ID_AA64MMFR1_HAFDBS, mmfr1) >= 2,
	};
}

static void fill_targets(void)
{
	for (unsigned page = 0; page < TARGETS; page++)
		for (unsigned i = 0; i < PAGE_SIZE / 4; i++)
			((uint32_t *)(target + page * PAGE_SIZE))[i] = BRK(page);
}

static void synchronize_code(void)
{
	dsb(ish);
	__asm__ volatile("ic iallu");
	dsb(ish);
	isb();
}

void stage2_setup(void)
{
	read_cpu();
	target = (uint64_t)rt_pages(TARGETS, TARGETS * PAGE_SIZE);
	/* Of the largest granule, so that a page descriptor can map it whatever the granule is. */
	code = (uint64_t)rt_pages(16, UINT64_C(1) << 16);
	for (unsigned at = 0; at < 65536 / 4; at += 2) {
		((uint32_t *)code)[at] = at / 2 % 2 ? STR_X1_X0 : LDR_X1_X0;
		((uint32_t *)code)[at + 1] = BRK(BRK_DATA);
	}
	fill_targets();
	synchronize_code();
	write_sysreg(MDCR_EL2, read_sysreg(MDCR_EL2) | MDCR_TDE); /* BRK of EL1 and EL0 comes here */
	write_sysreg(SCTLR_EL1, SCTLR_EL1_RES1);
	write_sysreg(CPTR_EL2, CPTR_NVHE_RES1);
	isb();
}

/* --- a case --- */

static uint64_t random_vtcr(void)
{
	uint64_t tg0 = oracle_below(oracle_one_in(8) ? 4 : 3), sl0 = oracle_below(4);
	uint64_t value = VTCR_RES1 | field_put(VTCR_TG0, tg0) | field_put(VTCR_SL0, sl0) |
			 field_put(VTCR_T0SZ, oracle_one_in(8) ? oracle_below(64) : 12 + oracle_below(37)) |
			 field_put(VTCR_PS, oracle_one_in(4) ? oracle_below(8) : 5 + oracle_below(2)) |
			 field_put(VTCR_SH0, oracle_sh()) | (oracle_one_in(4) ? VTCR_HA : 0) |
			 (oracle_one_in(4) ? VTCR_HD : 0);

	if (oracle_one_in(2) && (cpu.lpa2_4k || cpu.lpa2_16k))
		value |= VTCR_DS | (oracle_one_in(2) ? VTCR_SL2 : 0);
	return value;
}

static uint64_t random_pool_address(void)
{
	return oracle_pool() + (oracle_below(ORACLE_POOLS) << ORACLE_POOL_SHIFT);
}

/* The base register, or a descriptor, says it with the bits that the format has for it. */
static uint64_t address_bits(uint64_t address)
{
	address &= oracle_address_bits(geometry.oa_bits, geometry.ds);
	if (geometry.ds)
		return (address & BITS(49, 0)) | field_put(BITS(9, 8), address >> 50);
	if (geometry.lpa)
		return (address & BITS(47, 16)) | field_put(BITS(15, 12), address >> 48);
	return address & BITS(47, 0);
}

/*
 * QEMU up to 10.0 checks an address in a descriptor against the output size with the bits that a block ignores, and without
 * those that come from the IPA: so such bits are 0 here, and there are no blocks beyond the output size. Reserved values of
 * MemAttr are left out. With HCR_EL2.FWB QEMU does not combine Device with stage 1's.
 */
static uint64_t random_memattr(void)
{
	static const uint8_t with_dc[] = { 0, 1, 2, 3, 5, 6, 7 }, without[] = { 0, 5, 6, 7 };

	if (!geometry.fwb)
		return oracle_one_in(4) ? oracle_below(4) :
					  field_put(BITS(3, 2), 1 + oracle_below(3)) | (1 + oracle_below(3));
	return hcr & HCR_DC ? with_dc[oracle_below(7)] : without[oracle_below(4)];
}

static uint64_t random_leaf(unsigned shift)
{
	uint64_t out = oracle_one_in(3) ? oracle_random() & BITS(oracle_one_in(2) ? 51 : 47, 12) :
					  target + (oracle_below(TARGETS) << TARGET_SHIFT);
	uint64_t d = oracle_random() & (BITS(63, 51) | BITS(11, 10) | BITS(7, 6) | BIT(2));

	d = field_set(DESC_MEMATTR_WB, d, random_memattr());
	d |= address_bits(out & (~UINT64_C(0) << shift));
	d |= geometry.ds ? 0 : field_put(BITS(9, 8), oracle_sh());
	d |= oracle_one_in(8) ? 0 : DESC_AF;
	d |= oracle_one_in(2) ? DESC_READ | DESC_WRITE : 0;
	return d;
}

static uint64_t random_descriptor(int level)
{
	uint64_t kind = oracle_below(16);
	unsigned shift = s2_level_shift(&geometry, level);

	if (kind == 0)
		return oracle_random() & ~DESC_VALID;
	if (level == LAST_LEVEL)
		return random_leaf(shift) | DESC_VALID | (kind == 1 ? 0 : DESC_TABLE);
	if (kind < 5 && shift <= geometry.oa_bits)
		return random_leaf(shift) | DESC_VALID;
	if (kind ==
	    5) /* a table beyond what the CPU or VTCR_EL2.PS allows; what is inside is refused before it is read */
		return address_bits(random_pool_address() | (oracle_random() & BITS(51, 40))) | DESC_TABLE |
		       DESC_VALID;
	return address_bits(random_pool_address()) | (oracle_random() & BITS(63, 59)) | DESC_TABLE |
	       DESC_VALID;
}

/* Makes the way of an IPA: every place that the walker comes to is written once. False: a table is not in the pool. */
static bool make_way(l2_ipa_t of, bool good)
{
	struct s2_walk w;
	enum s2_step step = s2_begin(&w, &geometry, of, (struct s2_access){ 0 });

	while (step == S2_NEXT) {
		uint64_t slot = s2_slot(&w).val, d;

		if (!oracle_in_pool(slot))
			return false;
		if (!oracle_is_written(slot)) {
			d = !good ? random_descriptor(w.level) :
			    w.level == LAST_LEVEL ?
				    address_bits(code) | DESC_MEMATTR_WB | DESC_READ | DESC_AF | DESC_TABLE |
					    DESC_VALID :
				    address_bits(random_pool_address()) | DESC_TABLE | DESC_VALID;
			oracle_write(slot, d);
		}
		step = s2_feed(&w, *(volatile uint64_t *)slot);
	}
	return true;
}

static enum s2_step software(struct s2_walk *w, l2_ipa_t of, struct s2_access access)
{
	enum s2_step step = s2_begin(w, &geometry, of, access);

	while (step == S2_NEXT)
		step = s2_feed(w, *(volatile uint64_t *)s2_slot(w).val);
	return step;
}

static void install(void)
{
	hcr = HCR_RW | HCR_VM | (oracle_one_in(2) ? HCR_DC : 0);
	if (field_get(ID_AA64MMFR2_FWB, read_sysreg(ID_AA64MMFR2_EL1)) && oracle_one_in(3))
		hcr |= HCR_FWB;
	vttbr = random_pool_address() | field_put(VTTBR_VMID, 1);
	for (unsigned tries = oracle_one_in(4) ? 1 : 20; tries; tries--) {
		vtcr = random_vtcr();
		geometry = s2_geometry(&cpu, vttbr, vtcr);
		if (geometry.valid && geometry.base_in_range)
			break;
	}
	geometry.fwb = hcr & HCR_FWB;
	write_sysreg(VTCR_EL2, vtcr);
	write_sysreg(VTTBR_EL2, vttbr);
	write_sysreg(HCR_EL2, hcr);
	dsb(ish);
	isb();
	tlbi(vmalls12e1);
	dsb(ish);
	isb();
}

static l2_ipa_t random_ipa(void)
{
	unsigned bits = oracle_one_in(8)	       ? cpu.pa_bits :
			geometry.ia_bits < cpu.pa_bits ? geometry.ia_bits :
							 cpu.pa_bits;

	return (l2_ipa_t){ oracle_random() & BITS(bits - 1, 3) };
}

/* --- AT --- */

static uint64_t at(l2_ipa_t of, bool write)
{
	if (write)
		__asm__ volatile("at s12e1w, %0" ::"r"(of.val) : "memory");
	else
		__asm__ volatile("at s12e1r, %0" ::"r"(of.val) : "memory");
	isb();
	return read_sysreg(PAR_EL1);
}

/* PAR_EL1 of stage 1 alone, which is off: Device-nGnRnE, or with HCR_EL2.DC write-back, not shareable. */
static uint64_t stage1_par(l2_ipa_t of)
{
	uint64_t attributes = hcr & HCR_DC ? field_put(PAR_ATTR, 0xff) : field_put(PAR_SH, S2_SH_OUTER);

	return (of.val & PAR_PA) | PAR_RES1 | attributes;
}

static void compare_at(bool write)
{
	struct s2_walk w;
	enum s2_step step = software(&w, ipa, (struct s2_access){ .write = write });
	uint64_t expected = step == S2_LEAF ? s2_par(stage1_par(ipa), &w.leaf) :
					      PAR_F | PAR_S | field_put(PAR_FST, w.fsc);
	uint64_t compared = step == S2_LEAF ? PAR_COMPARED : PAR_COMPARED_FAULT, par;

	/* Asked with AT for a permission fault of stage 2, QEMU up to 10.0 stops with an assertion. */
	if (step == S2_FAULT && (w.fsc & FSC_TYPE) == FSC_PERMISSION)
		return;
	if (step == S2_LEAF)
		leaves++;
	else
		faults++;
	par = at(ipa, write);
	if ((par & compared) != (expected & compared))
		oracle_differs(write ? "PAR_EL1 of AT S12E1W" : "PAR_EL1 of AT S12E1R", par, expected);
}

/* --- accesses --- */

enum access {
	LOAD,
	STORE,
	FETCH_EL1,
	FETCH_EL0,
	ACCESSES
};

static uint64_t fault_class(enum access a)
{
	return a == LOAD || a == STORE ? EC_DABT_LOW : EC_IABT_LOW;
}

static void compare_fault(enum access a, const struct s2_walk *w)
{
	uint64_t esr = read_sysreg(ESR_EL2), page = field_get(HPFAR_FIPA, read_sysreg(HPFAR_EL2))
						    << PAGE_SHIFT;

	refused++;
	if (field_get(ESR_EC, esr) != fault_class(a))
		oracle_differs("ESR_EL2.EC of a refused access", field_get(ESR_EC, esr), fault_class(a));
	if ((esr & ESR_DFSC) != w->fsc)
		oracle_differs("ESR_EL2.DFSC or IFSC", esr & ESR_DFSC, w->fsc);
	if ((w->fsc & FSC_TYPE) != FSC_PERMISSION && page != (ipa.val & ~(PAGE_SIZE - 1)))
		oracle_differs("HPFAR_EL2", page, ipa.val);
	if (esr & ESR_S1PTW)
		oracle_differs("ESR_EL2.S1PTW", 1, 0);
	if (a == STORE && !(esr & ESR_WNR))
		oracle_differs("ESR_EL2.WnR", 0, 1);
}

/* What came back says which page it is from. */
static void compare_success(enum access a, const struct s2_walk *w, uint64_t x1)
{
	uint64_t esr = read_sysreg(ESR_EL2), page = (w->leaf.l1_ipa.val - target) >> TARGET_SHIFT;
	uint64_t brk = a == LOAD || a == STORE ? BRK_DATA : page;
	volatile uint64_t *there = (volatile uint64_t *)w->leaf.l1_ipa.val;

	accesses++;
	if (field_get(ESR_EC, esr) != EC_BRK64 || (esr & ESR_IMM16) != brk)
		oracle_differs("ESR_EL2 of an allowed access", esr,
			       field_put(ESR_EC, EC_BRK64) | ESR_IL | brk);
	if (a == LOAD && x1 != (BRK(page) | (uint64_t)BRK(page) << 32))
		oracle_differs("what a load read", x1, BRK(page));
	if (a == STORE) {
		__asm__ volatile("dc civac, %0" ::"r"(there) : "memory");
		dsb(ish);
		if (*there != STORED)
			oracle_differs("what a store left at its place", *there, STORED);
		*there = BRK(page) | (uint64_t)BRK(page) << 32;
		__asm__ volatile("dc civac, %0" ::"r"(there) : "memory");
		dsb(ish);
	}
}

/* The code that makes a data access has a way of its own in the same stage 2, where there is room for it. */
static bool make_code_way(l2_ipa_t *pc)
{
	struct s2_walk w;

	for (unsigned tries = 0; tries < 4; tries++) {
		*pc = random_ipa();
		pc->val &= ~UINT64_C(0xf);
		if (make_way(*pc, true) &&
		    software(&w, *pc, (struct s2_access){ .fetch = true }) == S2_LEAF &&
		    w.leaf.l1_ipa.val - code < 65536)
			return true;
	}
	return false;
}

static void compare_access(void)
{
	enum access a = (enum access)oracle_below(ACCESSES);
	bool data = a == LOAD || a == STORE;
	struct s2_access access = { .write = a == STORE, .fetch = !data, .el0 = a == FETCH_EL0 };
	uint64_t pstate = PSTATE_DAIF | (a == FETCH_EL0 ? 0 : SPSR_M_EL1H), x1;
	enum s2_step step;
	struct s2_walk w;
	l2_ipa_t pc = { 0 };

	if (data && !make_code_way(&pc))
		return;
	step = software(&w, ipa, access);
	/* What is allowed has to be memory that may be touched. */
	if (step == S2_LEAF && w.leaf.l1_ipa.val - target >= TARGETS * PAGE_SIZE)
		return;
	if (data)
		pc.val += a == STORE ? 8 : 0; /* a pair of instructions for each */
	else
		pc.val = ipa.val & ~UINT64_C(3);
	x1 = oracle_enter(pc.val, pstate, ipa.val, STORED);
	if (step == S2_LEAF)
		compare_success(a, &w, x1);
	else
		compare_fault(a, &w);
}

void stage2_case(void)
{
	install();
	ipa = random_ipa();
	if (!make_way(ipa, false))
		return;
	dsb(ish);
	compare_at(false);
	compare_at(true);
	compare_access();
}

void stage2_describe(void)
{
	rt_print("# VTCR_EL2 0x%lx VTTBR_EL2 0x%lx HCR_EL2 0x%lx IPA 0x%lx, ID_AA64MMFR0_EL1 0x%lx\n", vtcr,
		 vttbr, hcr, ipa.val, read_sysreg(ID_AA64MMFR0_EL1));
	rt_print("# granule %u, input %u bits, start level %d, output %u bits, valid %u, ds %u, lpa %u\n",
		 geometry.granule_shift, geometry.ia_bits, geometry.start_level, geometry.oa_bits,
		 geometry.valid, geometry.ds, geometry.lpa);
}

void stage2_totals(void)
{
	rt_print("# AT: %lu translations, %lu faults; accesses: %lu allowed, %lu refused\n", leaves, faults,
		 accesses, refused);
	if (leaves < faults / 20 || accesses < refused / 40)
		rt_fail("oracle: the cases are too bad to say anything");
}
