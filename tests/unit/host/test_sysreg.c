/* What do L1's registers do?  Every register of the list, trapped, in both modes and for both values of HCR_EL2.E2H. */
#include "tests/unit/host/host_test.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)

/* Writes what a register has, a stable one stays: no access ends elsewhere than behind the instruction or at vEL2's vector. */
static void every_register(const char *mode, uint64_t hcr)
{
	struct vcpu *v = fake_l1_with(mode, hcr);

	for (unsigned r = 1; r < SR_COUNT; r++) {
		for (unsigned read = 0; read < 2; read++) {
			if (r == SR_HCR_EL2 && !read)
				continue;
			v->pc = 0x8000;
			v->pstate = PSTATE_DAIF | SPSR_M_EL1H;
			v->gp.x[0] = 0;
			fake_exit(v, EXIT_SYNC, fake_sysreg_esr((enum sysreg)r, read, 0));
			if (v->pc == 0x8000 || v->world.loaded != WORLD_VEL2)
				EXPECT(r, 0);
			if (v->pc != 0x8004)
				EXPECT(v->pc & 0xfff, 0x200);
		}
		fake_vel2_write(v, SR_HCR_EL2, hcr);
		fake_vel2_write(v, SR_VBAR_EL2, FAKE_VBAR);
	}
}

static void every_nv2(void)
{
	every_register("nv2", HCR_RW | HCR_IMO);
}
HOST_TEST(every_nv2, "every register, nv2, E2H=0")

static void every_nv2_vhe(void)
{
	every_register("nv2", HCR_RW | HCR_IMO | HCR_E2H);
}
HOST_TEST(every_nv2_vhe, "every register, nv2, E2H=1")

static void every_nv(void)
{
	every_register("nv", HCR_RW | HCR_IMO);
}
HOST_TEST(every_nv, "every register, nv, E2H=0")

static void every_nv_vhe(void)
{
	every_register("nv", HCR_RW | HCR_IMO | HCR_E2H);
}
HOST_TEST(every_nv_vhe, "every register, nv, E2H=1")

/* The EL12 and EL02 names are the guest's, and so in the page; EL2 names are vEL2's, and so in hardware's EL1 registers. */
static void places(void)
{
	struct vcpu *v = fake_l1_with("nv", HCR_RW | HCR_E2H | HCR_IMO);

	fake_vel2_write(v, SR_TTBR0_EL12, 0x1000);
	fake_vel2_write(v, SR_TTBR0_EL2, 0x2000);
	EXPECT(vncr_get(&v->nv.file, SR_TTBR0_EL1), 0x1000);
	EXPECT(get(TTBR0_EL12), 0x2000);
	EXPECT(fake_vel2_read(v, SR_TTBR0_EL12), 0x1000);
	EXPECT(fake_vel2_read(v, SR_TTBR0_EL2), 0x2000);
	fake_vel2_write(v, SR_CNTV_CVAL_EL02, 0x3000);
	EXPECT(fake_vel2_read(v, SR_CNTV_CVAL_EL02), 0x3000);
	fake_vel2_write(v, SR_CNTHP_CVAL_EL2, 0x4000);
	EXPECT(fake_vel2_read(v, SR_CNTHP_CVAL_EL2), 0x4000);
	fake_vel2_write(v, SR_CPTR_EL2, CPACR_FPEN);
	EXPECT(get(CPACR_EL12) & CPACR_FPEN, CPACR_FPEN);
	EXPECT(field_get(ID_AA64MMFR2_NV, fake_vel2_read(v, SR_ID_AA64MMFR2_EL1)), 0);
	EXPECT(fake_vel2_read(v, SR_ICC_SRE_EL2) & 15, 15);
}
HOST_TEST(places, "where each name of a register leads")

/* Marks copy the counts, and an ordinary HVC of another number stays L1's. */
static void marks(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);
	uint64_t pc = v->pc;

	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 0x4d4b);
	EXPECT(v->pc, pc);
	EXPECT(v->ledger.book->marks, 1);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 0x4d53); /* the other mode */
	EXPECT(v->nv.mode, NV_MODE_V83);
	EXPECT(get(HCR_EL2) & HCR_NV2, 0);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 0x4d53);
	EXPECT(v->nv.mode, NV_MODE_V84);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 1);
	EXPECT(v->pc, FAKE_VBAR + 0x200);
}
HOST_TEST(marks, "firn's own hypercalls")
