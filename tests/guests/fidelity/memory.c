/*
 * What do EL1 and EL0 meet under a stage 2 of random descriptors?  A few places in it, of each level, are changed as the architecture
 * says (the old descriptor goes, TLBI by IPA or by all of it, the new one comes), accessed in any way with and without a stage 1 above
 * them, and asked for with AT. Faults are EL2's or EL1's, with syndrome and addresses.  Reads: steps.h, ../visible/tables.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/fidelity/steps.h"
#include "tests/guests/visible/tables.h"

#define PLACES 12
#define TABLE_VA AREA(150) /* its last table is at place 11, as stage 1 sees it */
#define EL0_CODE AREA(151) /* stage 1 has the code page for EL0 here */
#define VMIDS 2

static uint64_t *stage1, *stage2, *block;
static uint64_t vtcr_more;

/* Two of level 1, four of level 2, six of level 3. */
static unsigned level_of(unsigned place)
{
	return place < 2 ? 1 : place < 6 ? 2 : 3;
}

static uint64_t ipa_of(unsigned place)
{
	switch (level_of(place)) {
	case 1:
		return AREA(128 + place);
	case 2:
		return AREA(140) + place * MIB_2;
	default:
		return AREA(141) + place * 4096;
	}
}

/* Stage 1 has a page for each place, and the page of a place in itself at its IPA's end. */
static uint64_t va_of(unsigned place)
{
	return AREA(145) + place * 4096;
}

static uint64_t *descriptor_of(unsigned place)
{
	return tables_descriptor(stage2, ipa_of(place), level_of(place));
}

/* All zeroes, so that code there is UNDEFINED. What a GiB has in it is free to differ: it is neither written nor executed. */
static uint64_t target_of(unsigned place)
{
	switch (level_of(place)) {
	case 1:
		return rt_machine()->ram & ~(GIB - 1);
	case 2:
		return (uint64_t)block;
	default:
		return SCRATCH;
	}
}

static uint64_t random_leaf(struct chance *c, unsigned place)
{
	static const uint8_t memattr[] = { 0xf, 0xf, 0xf, 0xa, 0x5, 0x0, 0x1 };
	unsigned level = level_of(place);
	uint64_t d = target_of(place) | (level == 3 ? DESC_PAGE : DESC_BLOCK);

	d |= (uint64_t)memattr[chance_of(c, COUNT(memattr))] << 2 | (uint64_t)(chance_of(c, 2) ? 3 : 2) << 8;
	d |= chance_of(c, 4) ? DESC_AF : 0;
	d |= chance_of(c, 10) ? 0 : TOO_LARGE;
	d |= chance_of(c, 3) ? 0 : DESC_DBM;
	d |= field_put(S2AP, level == 1 ? chance_of(c, 2) : chance_of(c, 2) ? 3 : chance_of(c, 4));
	d |= field_put(S2_XN, level == 1 ? 2 : chance_of(c, 4));
	return level == 1 ? d & ~DESC_DBM : d;
}

static uint64_t random_descriptor(struct chance *c, unsigned place)
{
	if (chance_of(c, 4))
		return random_leaf(c, place);
	/* Invalid; reserved; a table that is too far away. */
	switch (chance_of(c, 3)) {
	case 0:
		return chance_any(c) & ~UINT64_C(1);
	case 1:
		return level_of(place) == 3 ? random_leaf(c, place) & ~BIT(1) : 0;
	default:
		return level_of(place) == 3 ? 0 : TOO_LARGE | DESC_TABLE;
	}
}

/* --- in use --- */

static void use(unsigned vmid)
{
	write_sysreg(VTCR_EL2, tables_vtcr() | vtcr_more);
	write_sysreg(VTTBR_EL2, (uint64_t)stage2 | field_put(VTTBR_VMID, 1 + vmid));
	isb();
}

/* The registers of EL1's stage 1, which a step of its own may have changed. By their _EL12 names with E2H=1. */
static void stage1_registers(uint64_t mair, uint64_t tcr, uint64_t ttbr0, uint64_t sctlr)
{
	if (visible_vhe()) {
		write_sysreg(S3_5_C10_C2_0, mair);
		write_sysreg(S3_5_C2_C0_2, tcr);
		write_sysreg(S3_5_C2_C0_0, ttbr0);
		write_sysreg(S3_5_C1_C0_0, sctlr);
	} else {
		write_sysreg(MAIR_EL1, mair);
		write_sysreg(TCR_EL1, tcr);
		write_sysreg(TTBR0_EL1, ttbr0);
		write_sysreg(SCTLR_EL1, sctlr);
	}
	isb();
}

/* Stage 2, and stage 1 or not, with the controls that other steps have set. What was before comes back by its return value. */
static uint64_t begin(unsigned vmid, bool with_stage1, uint64_t sctlr_more)
{
	uint64_t hcr = read_sysreg(HCR_EL2), tcr = field_put(TCR_T0SZ, T0SZ_39) | field_put(TCR_IRGN0, 1) |
						   field_put(TCR_ORGN0, 1) | field_put(TCR_SH0, 3) |
						   TCR_EPD1 | field_put(TCR_IPS, PS_40);

	use(vmid);
	/* QEMU 10.0 does not combine Device with stage 1's under FWB: docs/shadow-s2.md. */
	write_sysreg(HCR_EL2, (hcr & ~(HCR_TGE | HCR_FWB)) | HCR_VM);
	stage1_registers(0xff04, tcr, (uint64_t)stage1,
			 SCTLR_EL1_RES1 | SCTLR_SPAN | sctlr_more |
				 (with_stage1 ? SCTLR_M | SCTLR_C | SCTLR_I : 0));
	return hcr;
}

static void end(uint64_t hcr)
{
	stage1_registers(0, 0, 0, SCTLR_EL1_RES1 | SCTLR_SPAN);
	write_sysreg(VTTBR_EL2, 0);
	write_sysreg(HCR_EL2, hcr);
	isb();
}

/* --- changes --- */

static void forget_by_ipa(struct chance *c, uint64_t ipa)
{
	uint64_t operand = ipa >> 12;

	switch (chance_of(c, 4)) {
	case 0:
		__asm__ volatile("tlbi ipas2e1, %0" ::"r"(operand) : "memory");
		break;
	case 1:
		__asm__ volatile("tlbi ipas2e1is, %0" ::"r"(operand) : "memory");
		break;
	case 2:
		__asm__ volatile("tlbi ipas2le1, %0" ::"r"(operand) : "memory");
		break;
	default:
		__asm__ volatile("tlbi ipas2le1is, %0" ::"r"(operand) : "memory");
	}
	dsb(ish);
}

static void forget_stage1(struct chance *c)
{
	if (chance_of(c, 2))
		tlbi(vmalle1);
	else
		tlbi(vmalle1is);
	dsb(ish);
	isb();
}

static void forget_all(struct chance *c)
{
	if (chance_of(c, 2))
		tlbi(vmalls12e1);
	else
		tlbi(vmalls12e1is);
	dsb(ish);
	isb();
}

/* The descriptor of a place of stage 2 becomes another one. The other VMID has the same tables, and TLB entries of its own. */
static void change(struct chance *c, unsigned place, uint64_t to, uint64_t more)
{
	volatile uint64_t *d = descriptor_of(place);
	bool all = chance_of(c, 3) == 0 || more != vtcr_more;
	uint64_t hcr = begin(0, false, 0);

	*d = 0;
	dsb(ish);
	vtcr_more = more;
	for (unsigned vmid = 0; vmid < VMIDS; vmid++) {
		use(vmid);
		if (all) {
			forget_all(c);
			continue;
		}
		forget_by_ipa(c, ipa_of(place));
		forget_stage1(c);
	}
	*d = to;
	dsb(ish);
	end(hcr);
}

/* Stage 1's page of a place: to the place in stage 2, or to another one, with any rights. */
static void change_stage1(struct chance *c, unsigned place)
{
	static const uint64_t bits[] = { S1_EL0, S1_READ_ONLY, S1_PXN, S1_UXN, DESC_AF, DESC_AF, DESC_DBM };
	uint64_t d = ipa_of(chance_of(c, PLACES)) | S1_ATTR(1) | S1_INNER | DESC_PAGE,
		 hcr = begin(0, true, 0);
	unsigned flips = chance_of(c, 4);

	d |= DESC_AF;
	while (flips--)
		d ^= bits[chance_of(c, COUNT(bits))];
	*(volatile uint64_t *)tables_descriptor(stage1, va_of(place), 3) = chance_of(c, 8) ? d : 0;
	dsb(ish);
	for (unsigned vmid = 0; vmid < VMIDS; vmid++) {
		use(vmid);
		forget_stage1(c);
	}
	end(hcr);
}

/* One place, of stage 2 or of stage 1. */
static void change_any(struct chance *c, unsigned place, bool verbose)
{
	static const uint64_t updates[] = { 0, 0, VTCR_HA, VTCR_HA | VTCR_HD };

	visible_prefix("place %lx changes", (uint64_t)place);
	if (chance_of(c, 4) == 0) {
		change_stage1(c, place);
		if (verbose)
			visible_value("in stage 1", *tables_descriptor(stage1, va_of(place), 3));
	} else {
		change(c, place, random_descriptor(c, place),
		       chance_of(c, 4) ? vtcr_more : updates[chance_of(c, COUNT(updates))]);
		if (verbose)
			visible_value("in stage 2", *descriptor_of(place) & ~target_of(place));
	}
}

/* --- accesses --- */

/* Of a place, an offset that is aligned or not, by its IPA or stage 1's address for it; or through a table that is a place itself. */
static uint64_t random_address(struct chance *c, unsigned *place, bool with_stage1)
{
	uint64_t offset = UINT64_C(0x238) + (chance_of(c, 4) ? 0 : chance_of(c, 16));

	*place = chance_of(c, PLACES);
	if (!with_stage1)
		return ipa_of(*place) + offset;
	if (chance_of(c, 6) == 0) {
		*place = PLACES - 1;
		return TABLE_VA + offset;
	}
	return va_of(*place) + offset;
}

/* With PSTATE.PAN, is a page that EL0 may execute EL0's? FEAT_PAN3. */
static uint64_t random_epan(struct chance *c)
{
	return chance_of(c, 2) ? SCTLR_EPAN : 0;
}

/* What hardware may update in a descriptor. */
static uint64_t updated(void)
{
	uint64_t seen = 0;

	for (unsigned place = 0; place < PLACES; place++)
		seen = seen << 3 | (*(volatile uint64_t *)descriptor_of(place) & S2AP) / S2AP_READ |
		       (*(volatile uint64_t *)descriptor_of(place) & DESC_AF) / (DESC_AF / 4);
	return seen;
}

uint64_t step_access(struct chance *c, bool verbose)
{
	static const uint32_t words[] = {
		LDR_X1_X0,  STR_X1_X0, 0xb9400005, /* ldr w5, [x0] */
		0x79c00001,			   /* ldrsh w1, [x0] */
		0x39800001,			   /* ldrsb x1, [x0] */
		0xc8dffc01,			   /* ldar x1, [x0] */
		0xa9400801,			   /* ldp x1, x2, [x0] */
		0xf8408401,			   /* ldr x1, [x0], #8 */
		0x7900001f,			   /* strh wzr, [x0] */
		0x889ffc01,			   /* stlr w1, [x0] */
		0xa9007c1f,			   /* stp xzr, xzr, [x0] */
		0xf8400801,			   /* ldtr x1, [x0] */
		INSN_BR_X0,
	};
	bool with_stage1 = chance_of(c, 2), fetch;
	uint32_t word = words[chance_of(c, COUNT(words))];
	unsigned level = chance_of(c, 2), place;
	uint64_t pstate = steps_levels[level] | (chance_of(c, 4) ? 0 : PSTATE_PAN),
		 address = random_address(c, &place, with_stage1), seen, hcr, code;

	if (chance_of(c, 4))
		change_any(c, place, verbose);
	fetch = word == INSN_BR_X0;
	code = visible_code(pstate, word);
	hcr = begin(chance_of(c, VMIDS), with_stage1, random_epan(c));
	visible_prefix("%s, %lx of place %lx at %s", with_stage1 ? "both stages" : "stage 2", (uint64_t)word,
		       (uint64_t)place, steps_level_names[level]);
	seen = steps_seen("",
			  visible_run(with_stage1 && level == 0 ? EL0_CODE : code, pstate,
				      fetch ? address & ~UINT64_C(3) : address, 0),
			  false, verbose);
	end(hcr);
	seen = steps_mixed(seen, updated());
	if (verbose)
		visible_value("descriptors", updated());
	return seen;
}

/* --- AT --- */

/*
 * QEMU 10.0 ends with an assertion when AT meets a permission that stage 2 refuses; and whether AT sets the access flag is IMPLEMENTATION
 * DEFINED ("AT updates AF"). With stage 1 any place can be meant, and the last one is a table.
 */
static bool left_out(unsigned place)
{
	uint64_t d = *descriptor_of(place);

	return (d & 1) && ((d & S2AP) != S2AP || (vtcr_more && !(d & DESC_AF)));
}

static bool any_left_out(void)
{
	for (unsigned place = 0; place < PLACES; place++)
		if (left_out(place))
			return true;
	return false;
}

uint64_t step_at(struct chance *c, bool verbose)
{
	static const struct {
		const char *name;
		unsigned enc;
		bool both;
	} at[] = { { "AT S12E1R", ENC_AT_S12E1R, true },  { "AT S12E1W", ENC_AT_S12E1W, true },
		   { "AT S12E0R", ENC_AT_S12E0R, true },  { "AT S12E0W", ENC_AT_S12E0W, true },
		   { "AT S1E1R", ENC_AT_S1E1R, false },	  { "AT S1E0W", ENC_AT_S1E0W, false },
		   { "AT S1E1RP", ENC_AT_S1E1RP, false }, { "AT S1E1WP", ENC_AT_S1E1WP, false } };
	unsigned i = chance_of(c, COUNT(at)), place;
	bool with_stage1 = chance_of(c, 2);
	uint64_t address = random_address(c, &place, with_stage1), seen, par, hcr;

	if (chance_of(c, 2))
		change_any(c, place, verbose);
	if (with_stage1 ? any_left_out() : at[i].both && left_out(place))
		return 0;
	hcr = begin(chance_of(c, VMIDS), with_stage1, random_epan(c));
	visible_prefix("%s of place %lx, %s", at[i].name, (uint64_t)place,
		       with_stage1 ? "both stages" : "stage 2");
	seen = steps_seen(
		"",
		visible_try(INSN_MSR(at[i].enc, 0), AT_EL2 | (chance_of(c, 2) ? PSTATE_PAN : 0), address, 0),
		false, verbose);
	isb();
	par = read_sysreg(PAR_EL1);
	if (verbose)
		visible_par("PAR_EL1", par);
	end(hcr);
	if (par & PAR_F)
		return steps_mixed(seen, par);
	return steps_mixed(seen, (par & (PAR_ATTR | PAR_SH)) ^ visible_relative(par & BITS(47, 12)));
}

/* --- as it was --- */

static void make(void)
{
	stage1 = rt_page();
	stage2 = rt_page();
	block = rt_pages(MIB_2 / 4096, MIB_2);
	tables_map_ram(stage2, S2_NORMAL | S2AP);
	tables_map_ram(stage1, S1_ATTR(1) | S1_INNER | S1_UXN);
	*tables_descriptor(stage1, EL0_CODE, 3) = (uint64_t)visible_page | S1_ATTR(1) | S1_INNER | S1_EL0 |
						  S1_READ_ONLY | S1_PXN | DESC_AF | DESC_PAGE;
}

/* Each place is as the first ones of its level, stage 1 leads to it, and nothing is left in a TLB. */
void memory_reset(void)
{
	if (!stage2)
		make();
	vtcr_more = 0;
	for (unsigned place = 0; place < PLACES; place++) {
		*descriptor_of(place) = target_of(place) | S2_NORMAL | DESC_AF |
					(level_of(place) == 1 ? S2AP_READ | BIT(54) : S2AP) |
					(level_of(place) == 3 ? DESC_PAGE : DESC_BLOCK);
		*tables_descriptor(stage1, va_of(place), 3) =
			ipa_of(place) | S1_ATTR(1) | S1_INNER | S1_EL0 | DESC_AF | DESC_PAGE;
	}
	*tables_descriptor(stage1, TABLE_VA, 2) = ipa_of(PLACES - 1) | DESC_TABLE;
	tlbi(alle1is);
	dsb(ish);
	isb();
}
