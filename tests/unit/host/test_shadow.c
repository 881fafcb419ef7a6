/*
 * Does the shadow get what a fault of L2 names, and lose what L1's TLBI names?  L1's tables are in its RAM, and what hardware
 * would walk is walked here by hand.
 */
#include <string.h>

#include "host/core/mmu.h"
#include "nv/arch/firn_abi.h"
#include "tests/unit/host/host_test.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define L1_TABLES UINT64_C(0x40200000) /* level 1, then level 2, then level 3 */
#define L2_PAGE UINT64_C(0x80003000)   /* in L2's IPA space */
#define L1_PAGE UINT64_C(0x40305000)   /* where L1 maps it */
#define L1_64K UINT64_C(0x40310000)    /* and in a page of 64 KiB */
#define TABLE 3
#define LEAF(memattr, rw) (3 | (memattr) << 2 | (rw) << 6 | 3 << 8 | 1 << 10)
#define FSC_TRANSLATION_3 7
#define FSC_PERMISSION_3 15
#define DESC_ADDRESS BITS(47, 12)

/* VTCR_EL2: 39 bits from level 1, 4 KiB, write-back, inner shareable. */
#define L1_VTCR                                                                                     \
	(VTCR_RES1 | field_put(VTCR_T0SZ, 25) | field_put(VTCR_SL0, 1) | field_put(VTCR_IRGN0, 1) | \
	 field_put(VTCR_ORGN0, 1) | field_put(VTCR_SH0, 3) | field_put(VTCR_PS, 2))

static void map_in_l1(struct vcpu *v, uint64_t page, uint64_t leaf)
{
	fake_l1(v, L1_TABLES)[page >> 30] = (L1_TABLES + 0x1000) | TABLE;
	fake_l1(v, L1_TABLES + 0x1000)[page >> 21 & 511] = (L1_TABLES + 0x2000) | TABLE;
	fake_l1(v, L1_TABLES + 0x2000)[page >> 12 & 511] = leaf;
}

static struct vcpu *l2_runs_on(struct vcpu *v)
{
	vncr_set(&v->nv.file, SR_HCR_EL2, HCR_RW | HCR_E2H | HCR_VM | HCR_IMO | HCR_FMO);
	vncr_set(&v->nv.file, SR_VTTBR_EL2, L1_TABLES | field_put(VTTBR_VMID, 3));
	vncr_set(&v->nv.file, SR_VTCR_EL2, L1_VTCR);
	map_in_l1(v, L2_PAGE, L1_PAGE | LEAF(0xf, 3));
	return fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
}

static struct vcpu *l2_runs(void)
{
	return l2_runs_on(fake_l1_with("nv2", HCR_RW | HCR_E2H | HCR_VM | HCR_IMO | HCR_FMO));
}

/* The leaf that hardware finds for an IPA of L2 in the tables of VTTBR_EL2; 0 for none. 48 bits from level 0, or 39 from 1. */
static uint64_t walk(uint64_t ipa)
{
	uint64_t vtcr = get(VTCR_EL2), table = get(VTTBR_EL2) & BITS(47, 1);
	unsigned level = field_get(VTCR_SL0, vtcr) == 2 ? 0 : 1;

	for (;; level++) {
		uint64_t entry = ((uint64_t *)pa_to_va((pa_t){ table }))[ipa >> (39 - 9 * level) & 511];

		if (!(entry & 1))
			return 0;
		if (level == 3 || !(entry & 2))
			return entry;
		table = entry & DESC_ADDRESS;
	}
}

static void abort_at(struct vcpu *v, uint64_t pc, uint64_t ipa, uint64_t iss)
{
	set(HPFAR_EL2, field_put(HPFAR_FIPA, ipa >> 12));
	set(FAR_EL2, ipa);
	v->pc = pc;
	v->pstate = SPSR_M_EL1H;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_DABT_LOW) | iss);
}

static void l2_accesses(struct vcpu *v, uint64_t ipa, bool write, uint64_t fsc)
{
	abort_at(v, 0x8000, ipa, (write ? ESR_WNR : 0) | fsc);
}

static void l2_executes(struct vcpu *v, uint64_t pc, uint64_t ipa)
{
	abort_at(v, pc, ipa, FSC_TRANSLATION_3);
}

static void fault_maps(void)
{
	struct vcpu *v = l2_runs();
	uint64_t leaf;

	EXPECT(walk(L2_PAGE), 0);
	l2_accesses(v, L2_PAGE, false, FSC_TRANSLATION_3);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(v->pc, 0x8000); /* the access is made again */
	leaf = walk(L2_PAGE);
	EXPECT(leaf & DESC_ADDRESS, v->vm->ram_pa.val + L1_PAGE - VM_RAM_BASE);
	EXPECT(leaf >> 6 & 3, 3);
	EXPECT(leaf >> 2 & 15, 15);
	EXPECT(v->ledger.book->now.s2.fault[LEDGER_S2_MAPPED], 1);
}
HOST_TEST(fault_maps, "a fault of L2 maps what L1 maps")

/* L1's granule is 64 KiB: 39 bits from level 2. */
static struct vcpu *l2_runs_on_64k(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H | HCR_VM | HCR_IMO | HCR_FMO);

	vncr_set(&v->nv.file, SR_VTTBR_EL2, L1_TABLES | field_put(VTTBR_VMID, 3));
	vncr_set(&v->nv.file, SR_VTCR_EL2, L1_VTCR | field_put(VTCR_TG0, TG0_64K));
	fake_l1(v, L1_TABLES)[L2_PAGE >> 29] = (L1_TABLES + 0x10000) | TABLE;
	fake_l1(v, L1_TABLES + 0x10000)[L2_PAGE >> 16 & 8191] = L1_64K | LEAF(0xf, 3);
	return fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
}

static void large_page(void)
{
	struct vcpu *v = l2_runs_on_64k();
	uint64_t first = L2_PAGE & ~UINT64_C(0xffff);

	l2_accesses(v, L2_PAGE, true, FSC_TRANSLATION_3);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	for (uint64_t at = 0; at < 0x10000; at += 0x1000)
		EXPECT(walk(first + at) & DESC_ADDRESS, v->vm->ram_pa.val + L1_64K + at - VM_RAM_BASE);
	EXPECT(walk(first - 0x1000), 0);
	EXPECT(walk(first + 0x10000), 0);
	EXPECT(v->ledger.book->now.s2.fault[LEDGER_S2_MAPPED], 1);
}
HOST_TEST(large_page, "a fault of L2 maps all of L1's page of 64 KiB")

/* What the log does not have is in no TLB, the rest of a page of L1's too. */
static void large_page_and_log(void)
{
	struct vcpu *v = l2_runs_on_64k();

	v->gp.x[0] = FIRN_LOG_START;
	v->gp.x[1] = 0;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	EXPECT(v->gp.x[0], 0);
	l2_accesses(v, L2_PAGE, true, FSC_TRANSLATION_3);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 3);
	EXPECT(walk(L2_PAGE - 0x1000), 0);
	EXPECT(walk(L2_PAGE + 0x1000), 0);
}
HOST_TEST(large_page_and_log, "a page log has the written 4 KiB of L1's page of 64 KiB alone")

static void fault_is_l1s(void)
{
	struct vcpu *v = l2_runs();

	l2_accesses(v, L2_PAGE + 0x1000, true, FSC_TRANSLATION_3);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x400);
	EXPECT(get(ESR_EL12), ESR_OF(EC_DABT_LOW) | ESR_WNR | FSC_TRANSLATION_3);
	EXPECT(get(FAR_EL12), L2_PAGE + 0x1000);
	EXPECT(fake_vel2_read(v, SR_HPFAR_EL2), field_put(HPFAR_FIPA, (L2_PAGE + 0x1000) >> 12));
}
HOST_TEST(fault_is_l1s, "what L1 does not map is L1's fault, with HPFAR_EL2")

static void read_only(void)
{
	struct vcpu *v = l2_runs();

	map_in_l1(v, L2_PAGE, L1_PAGE | LEAF(0xf, 1));
	l2_accesses(v, L2_PAGE, false, FSC_TRANSLATION_3);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 1);
	l2_accesses(v, L2_PAGE, true, FSC_PERMISSION_3);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(ESR_EL12) & 63, FSC_PERMISSION_3);
}
HOST_TEST(read_only, "L1's permissions hold in the shadow")

/* --- L1 goes back to what its stage 2 refused --- */

#define NEXT_PAGE (L2_PAGE + 0x1000)
#define NEXT_LEAF (L1_PAGE + 0x1000)

static uint64_t filled_ahead(const struct vcpu *v)
{
	return v->ledger.book->now.s2.ahead;
}

/* What L1's stage 2 does not map, L1 maps now. */
static struct vcpu *l1_maps(uint64_t iss, uint64_t leaf)
{
	struct vcpu *v = l2_runs();

	abort_at(v, 0x8000, NEXT_PAGE, iss);
	EXPECT(v->world.loaded, WORLD_VEL2);
	map_in_l1(v, NEXT_PAGE, leaf);
	return v;
}

static void again(void)
{
	struct vcpu *v = l1_maps(ESR_WNR | FSC_TRANSLATION_3, NEXT_LEAF | LEAF(0xf, 3));

	EXPECT(walk(NEXT_PAGE), 0);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(NEXT_PAGE) & DESC_ADDRESS, v->vm->ram_pa.val + NEXT_LEAF - VM_RAM_BASE);
	EXPECT(walk(NEXT_PAGE) >> 6 & 3, 3);
	EXPECT(v->pc, 0x8000);
	EXPECT(filled_ahead(v), 1);
	EXPECT(v->ledger.book->now.s2.fault[LEDGER_S2_MAPPED], 0);
	EXPECT(v->ledger.book->now.s2.fault[LEDGER_S2_L1_TRANSLATION], 1);
}
HOST_TEST(again, "L1 maps what L2 was refused: no second fault")

/* The instruction behind it: an access that L1 has emulated. And another guest of L1's, at the same instruction, with the same tables. */
static void not_again(void)
{
	struct vcpu *v = l1_maps(FSC_TRANSLATION_3, NEXT_LEAF | LEAF(0xf, 3));

	fake_vel2_eret(v, SPSR_M_EL1H, 0x8004);
	EXPECT(walk(NEXT_PAGE), 0);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	vncr_set(&v->nv.file, SR_VTTBR_EL2, L1_TABLES | field_put(VTTBR_VMID, 4));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(NEXT_PAGE), 0);
	EXPECT(filled_ahead(v), 0);
}
HOST_TEST(not_again, "L1 goes on behind it, or with another guest: nothing is looked at")

/* L1 without a stage 2, at the same instruction: it is about another translation. */
static void not_without_stage2(void)
{
	struct vcpu *v = l1_maps(FSC_TRANSLATION_3, NEXT_LEAF | LEAF(0xf, 3));
	uint64_t tree;

	vncr_set(&v->nv.file, SR_HCR_EL2, HCR_RW | HCR_E2H | HCR_IMO | HCR_FMO);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	vncr_set(&v->nv.file, SR_HCR_EL2, HCR_RW | HCR_E2H | HCR_VM | HCR_IMO | HCR_FMO);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8004);
	tree = get(VTTBR_EL2);
	EXPECT(tree != vm_vttbr_guest_context(v->vm), true);
	EXPECT(walk(NEXT_PAGE), 0);
	EXPECT(filled_ahead(v), 0);
}
HOST_TEST(not_without_stage2, "L1 goes back to it without a stage 2: nothing is looked at")

/* L1 goes back for ever and maps nothing: each fault is looked at once, and L1 gets it. */
static void still_refused(void)
{
	struct vcpu *v = l1_maps(FSC_TRANSLATION_3, 0);

	for (unsigned n = 0; n < 3; n++) {
		fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
		EXPECT(walk(NEXT_PAGE), 0);
		l2_accesses(v, NEXT_PAGE, false, FSC_TRANSLATION_3);
		EXPECT(v->world.loaded, WORLD_VEL2);
	}
	EXPECT(v->ledger.book->now.s2.fault[LEDGER_S2_L1_TRANSLATION], 4);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	map_in_l1(v, NEXT_PAGE, NEXT_LEAF | LEAF(0xf, 3));
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(NEXT_PAGE), 0);
	EXPECT(filled_ahead(v), 0);
}
HOST_TEST(still_refused, "L1 goes back and has mapped nothing: L1's fault again")

/* No more than L1 allows for what was refused: a write, a fetch. A walk of stage 1 reads. */
static void again_as_it_was(void)
{
	static const struct {
		uint64_t class, iss, leaf;
		bool fills;
	} row[] = {
		{ EC_DABT_LOW, 0, LEAF(0xf, 1), true },
		{ EC_DABT_LOW, ESR_WNR, LEAF(0xf, 1), false },
		{ EC_DABT_LOW, ESR_WNR, LEAF(0xf, 2), true },
		{ EC_IABT_LOW, 0, LEAF(0xf, 3), true },
		{ EC_IABT_LOW, 0, LEAF(0xf, 3) | UINT64_C(1) << 54, false },
		{ EC_DABT_LOW, ESR_S1PTW, LEAF(0xf, 1), true },
		{ EC_DABT_LOW, ESR_S1PTW | ESR_WNR, LEAF(0xf, 1), true },
	};
	uint64_t page = NEXT_PAGE;
	struct vcpu *v = l2_runs();

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++, page += 0x1000) {
		set(HPFAR_EL2, field_put(HPFAR_FIPA, page >> 12));
		set(FAR_EL2, page);
		v->pc = 0x8000;
		v->pstate = SPSR_M_EL1H;
		fake_exit(v, EXIT_SYNC, ESR_OF(row[i].class) | row[i].iss | FSC_TRANSLATION_3);
		EXPECT(v->world.loaded, WORLD_VEL2);
		map_in_l1(v, page, NEXT_LEAF | row[i].leaf);
		fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
		EXPECT(walk(page) != 0, row[i].fills);
	}
}
HOST_TEST(again_as_it_was, "what is filled ahead allows the access that was refused")

/* As after a dirty log was cleared: a page may be read, L1 lets it be written, and says so with a TLBI. */
static void writable_again(void)
{
	struct vcpu *v = l2_runs();

	map_in_l1(v, L2_PAGE, L1_PAGE | LEAF(0xf, 1));
	l2_accesses(v, L2_PAGE, false, FSC_TRANSLATION_3);
	l2_accesses(v, L2_PAGE, true, FSC_PERMISSION_3);
	EXPECT(v->world.loaded, WORLD_VEL2);
	map_in_l1(v, L2_PAGE, L1_PAGE | LEAF(0xf, 3));
	fake_vel2_write(v, SR_TLBI_IPAS2E1, L2_PAGE >> 12);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 3);
	EXPECT(filled_ahead(v), 1);
}
HOST_TEST(writable_again, "L1 lets L2 write a page that it could read: no second fault")

/* What hardware updates it does not update ahead: the access does. */
static void updates_wait(void)
{
	struct vcpu *v = l2_runs();
	uint64_t *descriptor, leaf = (NEXT_LEAF | LEAF(0xf, 3)) & ~(UINT64_C(1) << 10);

	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	vncr_set(&v->nv.file, SR_VTCR_EL2, L1_VTCR | VTCR_HA);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	l2_accesses(v, NEXT_PAGE, false, FSC_TRANSLATION_3);
	EXPECT(v->world.loaded, WORLD_VEL2);
	map_in_l1(v, NEXT_PAGE, leaf);
	descriptor = &fake_l1(v, L1_TABLES + 0x2000)[NEXT_PAGE >> 12 & 511];
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(*descriptor, leaf);
	EXPECT(walk(NEXT_PAGE), 0);
	l2_accesses(v, NEXT_PAGE, false, FSC_TRANSLATION_3);
	EXPECT(*descriptor, leaf | UINT64_C(1) << 10);
	EXPECT(walk(NEXT_PAGE) & 1, 1);
}
HOST_TEST(updates_wait, "the access flag is set by an access, not ahead of it")

/* Tables that lead nowhere, and a page that is a device of L1's. */
static void again_and_nothing_there(void)
{
	struct vcpu *v = l1_maps(FSC_TRANSLATION_3, VM_UART_BASE | LEAF(0, 3));

	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(NEXT_PAGE), 0);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	l2_accesses(v, NEXT_PAGE + 0x1000, false, FSC_TRANSLATION_3);
	fake_l1(v, L1_TABLES)[NEXT_PAGE >> 30] = UINT64_C(0x700000000) | TABLE;
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(walk(NEXT_PAGE + 0x1000), 0);
	EXPECT(filled_ahead(v), 0);
}
HOST_TEST(again_and_nothing_there, "L1 goes back, and its tables lead to no RAM")

/* Cache maintenance reads. With HCRX_EL2.CMOW of L1 what may be read, and was refused, was refused for its write. */
static void maintenance(void)
{
	struct vcpu *v = l2_runs();

	map_in_l1(v, L2_PAGE, L1_PAGE | LEAF(0xf, 1));
	map_in_l1(v, L2_PAGE + 0x1000, (L1_PAGE + 0x1000) | LEAF(0xf, 2));
	abort_at(v, 0x8000, L2_PAGE, ESR_WNR | ESR_CM | FSC_TRANSLATION_3);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 1);
	abort_at(v, 0x8000, L2_PAGE, ESR_WNR | ESR_CM | FSC_PERMISSION_3);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	vncr_set(&v->nv.file, SR_HCRX_EL2, HCRX_CMOW);
	abort_at(v, 0x8000, L2_PAGE, ESR_WNR | ESR_CM | FSC_PERMISSION_3);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(ESR_EL12), ESR_OF(EC_DABT_LOW) | ESR_WNR | ESR_CM | FSC_PERMISSION_3);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	l2_accesses(v, L2_PAGE + 0x1000, true, FSC_TRANSLATION_3);
	EXPECT(walk(L2_PAGE + 0x1000) >> 6 & 3, 2);
	abort_at(v, 0x8000, L2_PAGE + 0x1000, ESR_WNR | ESR_CM | FSC_PERMISSION_3);
	EXPECT(v->world.loaded, WORLD_VEL2);
}
HOST_TEST(maintenance, "HCRX_EL2.CMOW: cache maintenance writes")

/* L1 has its PL011 at one page of L2's, and nothing behind it: a pair that crosses the end is L1's fault of the second page. */
static void device_pair(void)
{
	struct vcpu *v = l2_runs();

	map_in_l1(v, L2_PAGE, VM_UART_BASE | LEAF(0, 3));
	map_in_l1(v, L2_PAGE + 0x2000, L1_PAGE | LEAF(0xf, 3));
	*(uint32_t *)fake_l1(v, L1_PAGE) = 0xa9400841; /* ldp x1, x2, [x2] */
	v->gp.x[2] = L2_PAGE + 0xfe0;
	l2_executes(v, L2_PAGE + 0x2000, L2_PAGE + 0xfe0);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(v->pc, L2_PAGE + 0x2004);
	EXPECT(v->gp.x[1], 0x1000000011); /* UARTPeriphID0 and 1 */
	EXPECT(v->gp.x[2], 0x34);
	v->gp.x[2] = L2_PAGE + 0xff8;
	l2_executes(v, L2_PAGE + 0x2000, L2_PAGE + 0xff8);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(ESR_EL12), ESR_OF(EC_DABT_LOW) | FSC_TRANSLATION_3);
	EXPECT(get(FAR_EL12), L2_PAGE + 0x1000);
	EXPECT(fake_vel2_read(v, SR_HPFAR_EL2), field_put(HPFAR_FIPA, (L2_PAGE + 0x1000) >> 12));
}
HOST_TEST(device_pair, "a pair of L2's on a device of L1's")

/* TLBI IPAS2E1IS takes one page away, VMALLS12E1IS all of the VMID, and another VMID nothing. */
static void invalidation(void)
{
	struct vcpu *v = l2_runs();

	map_in_l1(v, L2_PAGE + 0x1000, (L1_PAGE + 0x1000) | LEAF(0xf, 3));
	l2_accesses(v, L2_PAGE, false, FSC_TRANSLATION_3);
	l2_accesses(v, L2_PAGE + 0x1000, false, FSC_TRANSLATION_3);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_forget();
	fake_vel2_write(v, SR_TLBI_IPAS2E1IS, L2_PAGE >> 12);
	EXPECT(fake_count("tlbi_ipas2e1is"), 1);
	EXPECT(fake_operand("tlbi_ipas2e1is"), L2_PAGE >> 12);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(L2_PAGE), 0);
	EXPECT(walk(L2_PAGE + 0x1000) & 1, 1);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	vncr_set(&v->nv.file, SR_VTTBR_EL2, L1_TABLES | field_put(VTTBR_VMID, 4));
	fake_vel2_write(v, SR_TLBI_VMALLS12E1IS, 0);
	vncr_set(&v->nv.file, SR_VTTBR_EL2, L1_TABLES | field_put(VTTBR_VMID, 3));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(L2_PAGE + 0x1000) & 1, 1);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_write(v, SR_TLBI_VMALLS12E1IS, 0);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(L2_PAGE + 0x1000), 0);
}
HOST_TEST(invalidation, "a TLBI of L1 removes what it names and no more")

/* Each as L1 has it, with the VMID of vEL2 that is loaded. OS forms are IS forms: all CPUs are in one domain. */
static const struct {
	enum sysreg op;
	const char *is;
} of_stage1[] = {
	{ SR_TLBI_VMALLE1, "tlbi_vmalle1" },	 { SR_TLBI_VMALLE1IS, "tlbi_vmalle1is" },
	{ SR_TLBI_VMALLE1OS, "tlbi_vmalle1is" }, { SR_TLBI_VAE1, "tlbi_vae1" },
	{ SR_TLBI_VAE1IS, "tlbi_vae1is" },	 { SR_TLBI_VAE1OS, "tlbi_vae1is" },
	{ SR_TLBI_VALE1, "tlbi_vale1" },	 { SR_TLBI_VALE1IS, "tlbi_vale1is" },
	{ SR_TLBI_VAAE1, "tlbi_vaae1" },	 { SR_TLBI_VAAE1ISNXS, "tlbi_vaae1is" },
	{ SR_TLBI_VAALE1NXS, "tlbi_vaale1" },	 { SR_TLBI_VAALE1IS, "tlbi_vaale1is" },
	{ SR_TLBI_ASIDE1, "tlbi_aside1" },	 { SR_TLBI_ASIDE1IS, "tlbi_aside1is" },
	{ SR_TLBI_RVAE1, "tlbi_rvae1" },	 { SR_TLBI_RVAE1IS, "tlbi_rvae1is" },
	{ SR_TLBI_RVALE1OS, "tlbi_rvale1is" },	 { SR_TLBI_RVALE1, "tlbi_rvale1" },
	{ SR_TLBI_RVAAE1, "tlbi_rvaae1" },	 { SR_TLBI_RVAALE1IS, "tlbi_rvaale1is" },
	{ SR_TLBI_ALLE2, "tlbi_vmalle1" },	 { SR_TLBI_ALLE2IS, "tlbi_vmalle1is" },
	{ SR_TLBI_VAE2, "tlbi_vae1" },		 { SR_TLBI_VALE2IS, "tlbi_vale1is" },
	{ SR_TLBI_RVAE2IS, "tlbi_rvae1is" },
};

static unsigned all_tlbis(void)
{
	static const char *const also[] = { "tlbi_vmalle1",   "tlbi_vmalle1is", "tlbi_vmalls12e1is",
					    "tlbi_ipas2e1is", "tlbi_alle1",	"tlbi_alle1is" };
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		n += fake_count(also[i]);
#define X(NAME, name) n += fake_count("tlbi_" #name) + fake_count("tlbi_" #name "is");
	TLBI_STAGE1_LIST(X)
#undef X
	return n;
}

static void tlbi_of_vel2(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H | HCR_TGE);
	uint64_t vel2 = vm_vttbr_vel2(v->vm);

	for (size_t i = 0; i < sizeof(of_stage1) / sizeof(of_stage1[0]); i++) {
		bool all = strncmp(of_stage1[i].is, "tlbi_vmall", 10) == 0;

		fake_forget();
		fake_vel2_write(v, of_stage1[i].op, 0x123 + i);
		EXPECT(fake_count(of_stage1[i].is), 1);
		EXPECT(fake_operand(of_stage1[i].is), all ? 0 : 0x123 + i);
		EXPECT(fake_vttbr(of_stage1[i].is), vel2);
		EXPECT(all_tlbis(), 1);
	}
}
HOST_TEST(tlbi_of_vel2, "TLBI of vEL2's own regime: the same instruction")

/* vEL2 has VMALLE1: nothing at once, and before L2 runs again on this CPU once, with the VMID of its tree. */
static void local_of_guest(void)
{
	struct vcpu *v = l2_runs();
	uint64_t tree = get(VTTBR_EL2);

	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_forget();
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	EXPECT(all_tlbis(), 0);
	EXPECT(get(VTTBR_EL2), vm_vttbr_vel2(v->vm));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(fake_count("tlbi_vmalle1"), 1);
	EXPECT(fake_vttbr("tlbi_vmalle1"), tree);
	EXPECT(all_tlbis(), 1);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(all_tlbis(), 1);
	/* By address: at once, so that no more goes than was named. */
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_write(v, SR_TLBI_VAE1, 0x77);
	EXPECT(fake_count("tlbi_vae1"), 1);
	EXPECT(fake_operand("tlbi_vae1"), 0x77);
	EXPECT(fake_vttbr("tlbi_vae1"), tree);
	EXPECT(all_tlbis(), 2);
	/* AT uses what TLBs have of the guest. */
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	EXPECT(all_tlbis(), 2);
	fake_vel2_write(v, SR_AT_S1E1R, 0x5000);
	EXPECT(fake_count("tlbi_vmalle1"), 2);
	EXPECT(fake_vttbr("tlbi_vmalle1"), tree);
}
HOST_TEST(local_of_guest, "a local TLBI for L1's guest waits until the guest runs")

/* The tree that v has to forget is not the one that it goes to. */
static void local_of_another_guest(void)
{
	struct vcpu *v = l2_runs();
	uint64_t first = get(VTTBR_EL2), second, vttbr = vncr_get(&v->nv.file, SR_VTTBR_EL2);

	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_forget();
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	vncr_set(&v->nv.file, SR_VTTBR_EL2, L1_TABLES | field_put(VTTBR_VMID, 4));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	second = get(VTTBR_EL2);
	EXPECT(second != first, true);
	EXPECT(fake_count("tlbi_vmalle1"), 1);
	EXPECT(fake_vttbr("tlbi_vmalle1"), first);
	/* By its VMID, while v was on another one. */
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	vncr_set(&v->nv.file, SR_VTTBR_EL2, vttbr);
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	EXPECT(fake_count("tlbi_vmalle1"), 2);
	EXPECT(fake_vttbr("tlbi_vmalle1"), first);
	EXPECT(all_tlbis(), 2);
}
HOST_TEST(local_of_another_guest, "a local TLBI for one of two guests names that one")

/* A VM with two vCPUs: what is for all CPUs is done at once, with the VMID of each that may be meant. */
static void broadcast_of_guest(void)
{
	const struct fake_vm vm = { .mode = "nv2", .vcpus = 2 };
	struct vcpu *v;
	uint64_t tree, flat;

	fake_boot(2, &vm, 1);
	v = l2_runs_on(fake_entered());
	tree = get(VTTBR_EL2);
	flat = vm_vttbr_guest_context(v->vm);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_forget();
	fake_vel2_write(v, SR_TLBI_VMALLE1IS, 0);
	EXPECT(fake_count("tlbi_vmalle1is"), 1);
	EXPECT(fake_vttbr("tlbi_vmalle1is"), tree);
	fake_vel2_write(v, SR_TLBI_VAE1OS, 0x55);
	EXPECT(fake_operand("tlbi_vae1is"), 0x55);
	EXPECT(all_tlbis(), 2);
	/* The other vCPU has been where no stage 2 is. */
	v->vm->vcpu[1]->shadow.flat = SHADOW_FLAT_USED;
	fake_vel2_write(v, SR_TLBI_VMALLE1IS, 0);
	EXPECT(fake_count("tlbi_vmalle1is"), 3);
	EXPECT(fake_vttbr("tlbi_vmalle1is"), flat);
	EXPECT(v->vm->vcpu[1]->shadow.flat, SHADOW_FLAT_USED);
	/* Its own business, if this vCPU has not. */
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	EXPECT(all_tlbis(), 4);
}
HOST_TEST(broadcast_of_guest, "a TLBI for all CPUs, for L1's guest, is one")

/* A range is one with the guest's TCR_EL1, which is not loaded: all of the guest's stage 1 goes, of L2 and where no stage 2 is. */
static void range_of_guest(void)
{
	const struct fake_vm vm = { .mode = "nv2", .vcpus = 2 };
	struct vcpu *v;
	uint64_t tree;

	fake_boot(2, &vm, 1);
	v = l2_runs_on(fake_entered());
	tree = get(VTTBR_EL2);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_forget();
	fake_vel2_write(v, SR_TLBI_RVAE1IS, 0x1234);
	EXPECT(fake_count("tlbi_vmalle1is"), 1);
	EXPECT(fake_vttbr("tlbi_vmalle1is"), tree);
	fake_vel2_write(v, SR_TLBI_RVAALE1OSNXS, 0x1234);
	EXPECT(fake_count("tlbi_vmalle1is"), 2);
	fake_vel2_write(v, SR_TLBI_RVALE1, 0x1234);
	EXPECT(all_tlbis(), 2);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(fake_count("tlbi_vmalle1"), 1);
	EXPECT(fake_vttbr("tlbi_vmalle1"), tree);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	v->vm->vcpu[1]->shadow.flat = SHADOW_FLAT_USED;
	fake_vel2_write(v, SR_TLBI_RVAAE1IS, 0x1234);
	EXPECT(fake_count("tlbi_vmalle1is"), 4);
	EXPECT(fake_vttbr("tlbi_vmalle1is"), vm_vttbr_guest_context(v->vm));
	EXPECT(all_tlbis(), 5);
}
HOST_TEST(range_of_guest, "a TLBI of a range, for L1's guest, is one of all")

/* L1's own EL1&0 without a stage 2: as for a tree, if it was there since. */
static void without_stage2(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);
	uint64_t flat = vm_vttbr_guest_context(v->vm);

	fake_forget();
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	fake_vel2_write(v, SR_TLBI_VAE1IS, 0);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(get(VTTBR_EL2), flat);
	EXPECT(all_tlbis(), 0);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_write(v, SR_TLBI_VMALLE1, 0);
	EXPECT(all_tlbis(), 0);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(fake_count("tlbi_vmalle1"), 1);
	EXPECT(fake_vttbr("tlbi_vmalle1"), flat);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_write(v, SR_TLBI_VAE1, 0x66);
	EXPECT(fake_operand("tlbi_vae1"), 0x66);
	EXPECT(fake_vttbr("tlbi_vae1"), flat);
	EXPECT(all_tlbis(), 2);
}
HOST_TEST(without_stage2, "TLBI for a guest context without a stage 2")

/* There, too, what TLBs have is of a VMID; hardware has one for all. */
static void vmids_without_stage2(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);
	static const uint64_t vmids[] = { 1, 1, 2, 1 };

	fake_forget();
	for (unsigned i = 0; i < 4; i++) {
		vncr_set(&v->nv.file, SR_VTTBR_EL2, field_put(VTTBR_VMID, vmids[i]));
		fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
		EXPECT(all_tlbis(), i < 2 ? 0 : i - 1);
		fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	}
	EXPECT(fake_vttbr("tlbi_vmalle1"), vm_vttbr_guest_context(v->vm));
}
HOST_TEST(vmids_without_stage2, "a guest context without a stage 2 sees nothing of another VMID")

/* AT S12E1R: stage 1 by hardware (off: flat), then L1's stage 2. */
static void translate(void)
{
	struct vcpu *v = l2_runs();

	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_vel2_write(v, SR_AT_S12E1R, L2_PAGE + 0x10);
	EXPECT(get(PAR_EL1) & (BITS(47, 12) | PAR_F), L1_PAGE);
	fake_vel2_write(v, SR_AT_S12E1W, L2_PAGE + 0x5000);
	EXPECT(get(PAR_EL1) & (PAR_F | PAR_S), PAR_F | PAR_S);
	EXPECT(field_get(PAR_FST, get(PAR_EL1)), FSC_TRANSLATION_3);
	fake_forget();
	fake_vel2_write(v, SR_AT_S1E2R, 0x5000);
	EXPECT(fake_count("at_s1e1r"), 1);
	fake_vel2_write(v, SR_AT_S1E0W, 0x5000);
	EXPECT(fake_count("at_s1e0w"), 1);
	EXPECT(get(PAR_EL1) & BITS(47, 12), 0x5000);
}
HOST_TEST(translate, "AT of vEL2, with and without L1's stage 2")

/* The guest's stage 1 has tables, which are walked through L1's stage 2: 1 GiB in one block, and another outside of it. */
static void translate_by_tables(void)
{
	struct vcpu *v = l2_runs();
	struct vncr_file *file = &v->nv.file;

	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	fake_l1(v, L1_PAGE)[0] = L2_PAGE >> 30 << 30 | 3 << 8 | 1 << 10 | 1;
	vncr_set(file, SR_SCTLR_EL1, SCTLR_M);
	vncr_set(file, SR_TCR_EL1, field_put(TCR_T0SZ, 25) | field_put(TCR_IPS, 2));
	vncr_set(file, SR_TTBR0_EL1, L2_PAGE);
	fake_forget();
	fake_vel2_write(v, SR_AT_S1E1R, 0x1234);
	EXPECT(get(PAR_EL1) & (BITS(47, 12) | PAR_F), (L2_PAGE >> 30 << 30) + 0x1000);
	fake_vel2_write(v, SR_AT_S1E1R, UINT64_C(1) << 30);
	EXPECT(field_get(PAR_FST, get(PAR_EL1)), 5);
	vncr_set(file, SR_TTBR0_EL1, L2_PAGE + 0x1000); /* where L1 has nothing */
	fake_vel2_write(v, SR_AT_S1E1R, 0x1234);
	EXPECT(get(PAR_EL1) & (PAR_F | PAR_S | PAR_PTW), PAR_F | PAR_S | PAR_PTW);
	EXPECT(fake_count("at_s1e1r"), 0);
	EXPECT(get(VTTBR_EL2), vm_vttbr_vel2(v->vm));
}
HOST_TEST(translate_by_tables, "AT of the guest's tables takes no register from vEL2")

/* An access that may not be made again, in the end, is in no log. */
static void page_log_ahead(void)
{
	struct vcpu *v = l2_runs();

	v->gp.x[0] = FIRN_LOG_START;
	v->gp.x[1] = 0;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	l2_accesses(v, NEXT_PAGE, true, FSC_TRANSLATION_3);
	map_in_l1(v, NEXT_PAGE, NEXT_LEAF | LEAF(0xf, 3));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(walk(NEXT_PAGE), 0);
	v->gp.x[0] = FIRN_LOG_TAKE;
	v->gp.x[1] = 0;
	v->gp.x[2] = NEXT_LEAF;
	v->gp.x[3] = 1;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	EXPECT(v->gp.x[0], 0);
	l2_accesses(v, NEXT_PAGE, true, FSC_TRANSLATION_3);
	EXPECT(walk(NEXT_PAGE) >> 6 & 3, 3);
}
HOST_TEST(page_log_ahead, "a page log has nothing ahead of an access")

static void page_log_ended(void)
{
	static const unsigned calls[] = { FIRN_LOG_START, FIRN_LOG_STOP };
	struct vcpu *v = l2_runs();

	for (unsigned i = 0; i < 2; i++) {
		v->gp.x[0] = calls[i];
		v->gp.x[1] = 0;
		fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	}
	l2_accesses(v, NEXT_PAGE, true, FSC_TRANSLATION_3);
	map_in_l1(v, NEXT_PAGE, NEXT_LEAF | LEAF(0xf, 3));
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(filled_ahead(v), 1);
}
HOST_TEST(page_log_ended, "a page log that has ended keeps nothing back")

/* A log of written pages: what is mapped afterwards is mapped without write permission, and a write puts it there. */
static void page_log(void)
{
	struct vcpu *v = l2_runs();

	v->gp.x[0] = FIRN_LOG_START;
	v->gp.x[1] = 0;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	EXPECT(v->gp.x[0], 0);
	l2_accesses(v, L2_PAGE, false, FSC_TRANSLATION_3);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 1);
	l2_accesses(v, L2_PAGE, true, FSC_PERMISSION_3);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 3);
	v->gp.x[0] = FIRN_LOG_TAKE;
	v->gp.x[1] = 0;
	v->gp.x[2] = L1_PAGE - 0x1000;
	v->gp.x[3] = 3;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	EXPECT(v->gp.x[0], 2);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 1); /* watched again */
	v->gp.x[0] = FIRN_LOG_STOP;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | FIRN_HVC_LOG);
	EXPECT(v->gp.x[0], 0);
	l2_accesses(v, L2_PAGE, false, FSC_TRANSLATION_3);
	EXPECT(walk(L2_PAGE) >> 6 & 3, 3);
}
HOST_TEST(page_log, "a page log sees what L2 writes, once")
