/* Does the exchange of worlds put every register where it belongs?  A nested hypercall, whole exits, on fake registers. */
#include "host/vm/queue.h"
#include "tests/unit/host/host_test.h"

#define L2_PC UINT64_C(0x8000)
#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define L1_HCR (HCR_RW | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO)

/* Out of reset: EL2h, DAIF masked, which is EL1h to hardware; X0 the device tree; all vEL2 accesses of its mode trap. */
static void first_entry(void)
{
	struct vcpu *v;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2" }, 1);
	v = fake_entered();
	EXPECT(v->pc, VM_RAM_BASE);
	EXPECT(v->pstate, PSTATE_DAIF | SPSR_M_EL1H);
	EXPECT(get(HCR_EL2) & (HCR_NV | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO | HCR_E2H | HCR_RW | HCR_TSC),
	       HCR_NV | HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO | HCR_E2H | HCR_RW | HCR_TSC);
	EXPECT(get(VNCR_EL2), (uint64_t)&v->nv.file.page);
	EXPECT(get(VMPIDR_EL2), v->mpidr);
}
HOST_TEST(first_entry, "a vCPU begins as a PE at EL2 out of reset")

static void hypercall(const char *mode, uint64_t e2h)
{
	struct vcpu *v = fake_l1_with(mode, L1_HCR | e2h);
	struct vncr_file *file = &v->nv.file;

	/* L1 gives its guest values of its own. */
	vncr_set(file, SR_TTBR0_EL1, 0x1111000);
	vncr_set(file, SR_SCTLR_EL1, 0x30d00980);
	vncr_set(file, SR_SP_EL1, 0x2222000);
	vncr_set(file, SR_VBAR_EL1, 0x3333000);
	fake_vel2_write(v, SR_TTBR0_EL2, 0x4444000);
	set(SP_EL1, 0x5555000);
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(v->pc, L2_PC);
	EXPECT(v->pstate, SPSR_M_EL1H);
	EXPECT(get(TTBR0_EL12), 0x1111000);
	EXPECT(get(SP_EL1), 0x2222000);
	EXPECT(get(VBAR_EL12), 0x3333000);
	EXPECT(get(HCR_EL2) & (HCR_NV | HCR_NV1 | HCR_NV2), 0);
	EXPECT(get(VTTBR_EL2) != vm_vttbr_vel2(v->vm), true);

	/* L2 changes one of them, and calls. ELR_EL2 is behind the HVC. */
	set(TTBR0_EL12, 0x6666000);
	v->pc = L2_PC + 4;
	v->pstate = SPSR_M_EL1H | BIT(30);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 7);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x400);
	EXPECT(v->pstate & (SPSR_M | PSTATE_DAIF), SPSR_M_EL1H | PSTATE_DAIF);
	EXPECT(get(ESR_EL12), ESR_OF(EC_HVC64) | 7);
	EXPECT(get(ELR_EL12), L2_PC + 4);
	EXPECT(fake_vel2_read(v, SR_SPSR_EL2), SPSR_M_EL1H | BIT(30));
	EXPECT(vncr_get(file, SR_TTBR0_EL1), 0x6666000);
	EXPECT(get(TTBR0_EL12), 0x4444000);
	EXPECT(get(SP_EL1), 0x5555000);
	EXPECT(get(VTTBR_EL2), vm_vttbr_vel2(v->vm));
	EXPECT(get(HCR_EL2) & HCR_NV, HCR_NV);
	EXPECT(!(get(HCR_EL2) & HCR_NV1), e2h != 0);
}

static void hypercall_nv2_vhe(void)
{
	hypercall("nv2", HCR_E2H);
	EXPECT(get(HCR_EL2) & HCR_NV2, HCR_NV2);
}
HOST_TEST(hypercall_nv2_vhe, "a nested hypercall, nv2, E2H=1")

static void hypercall_nv2_nvhe(void)
{
	hypercall("nv2", 0);
	EXPECT(get(HCR_EL2) & HCR_NV2, HCR_NV2);
}
HOST_TEST(hypercall_nv2_nvhe, "a nested hypercall, nv2, E2H=0")

static void hypercall_nv_vhe(void)
{
	hypercall("nv", HCR_E2H);
	EXPECT(get(HCR_EL2) & HCR_NV2, 0);
}
HOST_TEST(hypercall_nv_vhe, "a nested hypercall, nv, E2H=1")

static void hypercall_nv_nvhe(void)
{
	hypercall("nv", 0);
	EXPECT(get(HCR_EL2) & HCR_NV2, 0);
}
HOST_TEST(hypercall_nv_nvhe, "a nested hypercall, nv, E2H=0")

/* E2H changes the format of what hardware has for vEL2. TCR_EL2.PS (E2H=0, bits 18:16) is TCR_EL1.IPS (bits 34:32). */
static void e2h_changes(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW);

	fake_vel2_write(v, SR_TCR_EL2, UINT64_C(0x80850010)); /* RES1, PS 5, T0SZ 16 */
	EXPECT(field_get(TCR_IPS, get(TCR_EL12)), 5);
	EXPECT(get(HCR_EL2) & HCR_NV1, HCR_NV1);
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW | HCR_E2H);
	fake_vel2_write(v, SR_TCR_EL2, field_put(TCR_IPS, 2) | 16);
	EXPECT(get(HCR_EL2) & HCR_NV1, 0);
	EXPECT(get(TCR_EL12), field_put(TCR_IPS, 2) | 16);
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW);
	(void)fake_vel2_read(v, SR_MDCR_EL2);
	EXPECT(get(HCR_EL2) & HCR_NV1, HCR_NV1);
}
HOST_TEST(e2h_changes, "a change of HCR_EL2.E2H moves vEL2's registers")

/* FP registers move at their first use only, which traps by CPTR_EL2.FPEN; SVE ones likewise. */
static void first_use(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	EXPECT(get(CPTR_EL2) & CPACR_FPEN, 0);
	fake_forget();
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_FP) | ESR_CV | ESR_COND);
	EXPECT(fake_count("fp_load"), 1);
	EXPECT(get(CPTR_EL2) & CPACR_FPEN, CPACR_FPEN);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_SVE));
	EXPECT(fake_count("sve_clear_predicates"), 1);
	EXPECT(get(CPTR_EL2) & CPACR_ZEN, CPACR_ZEN);
}
HOST_TEST(first_use, "FP and SVE registers are loaded at their first use")

/* L1's controls for its guest trap to L1; what it does not see is UNDEFINED there. */
static void l1_traps(void)
{
	struct vcpu *v = fake_l1_with("nv2", L1_HCR | HCR_E2H | HCR_TWI | HCR_TVM | HCR_TSC | HCR_TGE);

	vncr_set(&v->nv.file, SR_HCR_EL2, L1_HCR | HCR_E2H | HCR_TWI | HCR_TVM | HCR_TSC);
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	EXPECT(get(HCR_EL2) & (HCR_TWI | HCR_TVM), HCR_TWI | HCR_TVM);
	v->pc = L2_PC;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_WFX) | ESR_CV | ESR_COND);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(ELR_EL12), L2_PC);
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	fake_exit(v, EXIT_SYNC, fake_sysreg_esr(SR_TTBR0_EL1, false, 3));
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(field_get(ESR_EC, get(ESR_EL12)), EC_SYS64);
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_SMC64));
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(field_get(ESR_EC, get(ESR_EL12)), EC_SMC64);
	/* No trap of L1's: an EL2 register is UNDEFINED at L2's EL1. */
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	vncr_set(&v->nv.file, SR_VBAR_EL1, 0x9000);
	set(VBAR_EL12, 0x9000);
	fake_exit(v, EXIT_SYNC, fake_sysreg_esr(SR_SCTLR_EL2, true, 3));
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(v->pc, 0x9200);
	EXPECT(field_get(ESR_EC, get(ESR_EL12)), EC_UNKNOWN);
	EXPECT(get(ELR_EL12), L2_PC);
}
HOST_TEST(l1_traps, "L1's traps of its guest go to vEL2, others are UNDEFINED")

/* HCRX_EL2 for L1's guest is L1's, as far as there is something of it for L1; vEL2 copies memory whatever its guest may. */
static void hcrx(void)
{
	static const struct {
		uint64_t l1, guest_context, vel2;
	} row[] = {
		{ 0, 0, HCRX_MSCEN },
		{ HCRX_MSCEN, HCRX_MSCEN, HCRX_MSCEN },
		{ UINT64_MAX, HCRX_MSCEN | HCRX_MCE2 | HCRX_CMOW | HCRX_FGTNXS,
		  HCRX_MSCEN | HCRX_MCE2 | HCRX_CMOW | HCRX_FGTNXS },
		{ HCRX_MCE2, HCRX_MCE2, HCRX_MSCEN },
	};
	struct vcpu *v = fake_l1_with("nv2", L1_HCR | HCR_E2H);

	EXPECT(get(HCRX_EL2), HCRX_MSCEN);
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		vncr_set(&v->nv.file, SR_HCRX_EL2, row[i].l1);
		fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
		EXPECT(get(HCRX_EL2), row[i].guest_context);
		fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
		EXPECT(get(HCRX_EL2), row[i].vel2);
	}
	/* A memory copy exception of vEL2's own, while MCE2 is loaded. */
	vncr_set(&v->nv.file, SR_HCRX_EL2, HCRX_MSCEN | HCRX_MCE2);
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_MOPS) | 0x10022);
	EXPECT(v->pc, FAKE_VBAR + 0x400);
	EXPECT(get(ESR_EL12), ESR_OF(EC_MOPS) | 0x10022);
	v->pc = L2_PC;
	v->pstate = SPSR_M_EL1H;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_MOPS) | 0x10022);
	EXPECT(v->pc, FAKE_VBAR + 0x200);
	EXPECT(get(ELR_EL12), L2_PC);
}
HOST_TEST(hcrx, "HCRX_EL2 is L1's below vEL2, and lets vEL2 copy")

#define SIGNED_AT UINT64_C(0x0000004012345678)
#define CODE \
	BITS(54, 39) /* TCR_EL1.T0SZ = 25; without TBI the tag too, which is 0 here as long as it is right */

/* The code of SIGNED_AT by a key of L1's, as PACGA gives it. */
static uint64_t signed_by(uint64_t low, uint64_t high, uint64_t modifier)
{
	uint64_t kept_low = get(APGAKEYLO_EL1), kept_high = get(APGAKEYHI_EL1), code;

	set(APGAKEYLO_EL1, low);
	set(APGAKEYHI_EL1, high);
	code = pacga(SIGNED_AT & BITS(38, 0), modifier);
	set(APGAKEYLO_EL1, kept_low);
	set(APGAKEYHI_EL1, kept_high);
	return (SIGNED_AT & BITS(38, 0)) | (code & CODE);
}

static struct vcpu *signer(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	set(APIAKEYLO_EL1, 0x1111);
	set(APIAKEYHI_EL1, 0x2222);
	set(APIBKEYLO_EL1, 0x3333);
	set(APIBKEYHI_EL1, 0x4444);
	set(APGAKEYLO_EL1, 0x5555);
	set(APGAKEYHI_EL1, 0x6666);
	set(SP_EL1, 0x70000);
	set(SP_EL0, 0x80000);
	set(SCTLR_EL12, SCTLR_ENIA | SCTLR_ENIB);
	set(TCR_EL12, field_put(TCR_T0SZ, 25) | TCR_TBI0);
	set(SPSR_EL12, SPSR_M_EL2H);
	return v;
}

static void signed_return(struct vcpu *v, uint64_t elr, uint64_t iss)
{
	set(ELR_EL12, elr);
	v->pc = L2_PC;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_ERET) | iss);
}

/* ERETAA and ERETAB authenticate ELR_EL2 with their key and the stack pointer; ELR_EL2 and APGAKey stay as they are. */
static void signed_erets(void)
{
	struct vcpu *v = signer();
	uint64_t a = signed_by(0x1111, 0x2222, 0x70000), b = signed_by(0x3333, 0x4444, 0x80000);

	v->pstate = SPSR_M_EL1H;
	signed_return(v, a, 2);
	EXPECT(v->pc, SIGNED_AT & BITS(38, 0));
	EXPECT(get(ELR_EL12), a);
	EXPECT(get(APGAKEYLO_EL1), 0x5555);
	EXPECT(get(APGAKEYHI_EL1), 0x6666);
	v->pstate = SPSR_M_EL1T;
	signed_return(v, b, 3);
	EXPECT(v->pc, SIGNED_AT & BITS(38, 0));
	set(SCTLR_EL12, 0); /* not enabled: the address as it is */
	signed_return(v, b, 3);
	EXPECT(v->pc, b);
}
HOST_TEST(signed_erets, "ERETAA and ERETAB of vEL2 are authenticated")

static void wrongly_signed(void)
{
	struct vcpu *v = signer();
	uint64_t a = signed_by(0x1111, 0x2222, 0x70000);

	v->pstate = SPSR_M_EL1H;
	signed_return(v, a ^ BIT(40), 2);
	EXPECT(v->pc, FAKE_VBAR + 0x200);
	EXPECT(get(ESR_EL12), ESR_OF(EC_FPAC));
	EXPECT(get(ELR_EL12), L2_PC);
	v->pstate = SPSR_M_EL1H;
	set(SPSR_EL12, SPSR_M_EL1H);
	signed_return(v, a, 3); /* by the other key */
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(ESR_EL12), ESR_OF(EC_FPAC) | 1);
}
HOST_TEST(wrongly_signed, "a return that is signed wrongly is an exception of EC 0x1c")

/* HCR_EL2.TGE with E2H=0: EL0 below vEL2, whose exceptions hardware takes to vectors that abort. As it is when EL0 has executed SVC #5. */
static void svc_of_el0(struct vcpu *v)
{
	fake_vel2_eret(v, SPSR_M_EL0T, L2_PC);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	set(ESR_EL12, ESR_OF(EC_SVC64) | 5);
	set(ELR_EL12, L2_PC + 4);
	set(SPSR_EL12, SPSR_M_EL0T);
	v->pc = get(VBAR_EL12) + 0x400;
	v->pstate = SPSR_M_EL1H | PSTATE_DAIF;
}

static void expect_svc(struct vcpu *v)
{
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x400);
	EXPECT(get(ESR_EL12), ESR_OF(EC_SVC64) | 5);
	EXPECT(get(ELR_EL12), L2_PC + 4);
	EXPECT(fake_vel2_read(v, SR_SPSR_EL2), SPSR_M_EL0T);
}

static void abort_of_fetch(struct vcpu *v)
{
	set(FAR_EL2, v->pc);
	set(HPFAR_EL2, field_put(HPFAR_FIPA, v->pc >> 12));
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_IABT_LOW) | 6);
}

static void el0_only(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_TGE);

	svc_of_el0(v);
	abort_of_fetch(v);
	expect_svc(v);
}
HOST_TEST(el0_only, "HCR_EL2.TGE with E2H=0: EL0's exceptions come to vEL2")

/* Before the vector is fetched hardware may step it. */
static void el0_only_stepped(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_TGE);

	svc_of_el0(v);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_SOFTSTP_LOW) | 0x22);
	expect_svc(v);
}
HOST_TEST(el0_only_stepped,
	  "HCR_EL2.TGE with E2H=0: an exception of EL0's is taken before the step of its vector")

static void el0_only_serror(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_TGE);

	svc_of_el0(v);
	fake_exit(v, EXIT_SERROR, ESR_OF(EC_SERROR) | 0x11);
	expect_svc(v);
	EXPECT(get(VSESR_EL2), 0x11);
}
HOST_TEST(el0_only_serror, "HCR_EL2.TGE with E2H=0: an SError comes behind an exception of EL0's")

static void el0_only_looks(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_TGE);

	svc_of_el0(v);
	queue_look(v);
	fake_exit(v, EXIT_FIQ, 0);
	expect_svc(v);
}
HOST_TEST(el0_only_looks,
	  "HCR_EL2.TGE with E2H=0: an exception of EL0's is taken before another vCPU may run")

/* Where hardware's vectors are, EL0 finds nothing; nor does it choose where vEL2 goes on. */
static void el0_only_jumps(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_TGE);

	for (uint64_t offset = 0; offset < 0x800; offset += 0x2c) {
		svc_of_el0(v);
		v->pc += offset - 0x400;
		v->pstate = SPSR_M_EL0T;
		abort_of_fetch(v);
		EXPECT(v->pc, get(VBAR_EL12) + 0x400); /* that one is taken as any other */
		abort_of_fetch(v);
		EXPECT(v->world.loaded, WORLD_VEL2);
		EXPECT(v->pc, FAKE_VBAR + 0x400);
		EXPECT(field_get(ESR_EC, get(ESR_EL12)), EC_IABT_LOW);
		EXPECT(get(ELR_EL12), get(FAR_EL12));
		EXPECT(fake_vel2_read(v, SR_SPSR_EL2), SPSR_M_EL0T);
	}
}
HOST_TEST(el0_only_jumps,
	  "HCR_EL2.TGE with E2H=0: a branch of EL0's to hardware's vectors is an Instruction Abort")

/* A physical SError: vEL2's from its guest while L1's AMO says so, else pending for whatever runs. */
static void serrors(void)
{
	struct vcpu *v = fake_l1_with("nv2", L1_HCR | HCR_E2H);

	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	fake_exit(v, EXIT_SERROR, ESR_OF(EC_SERROR) | 0x11);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x580);
	EXPECT(get(ESR_EL12), ESR_OF(EC_SERROR) | 0x11);
	fake_exit(v, EXIT_SERROR, ESR_OF(EC_SERROR) | 0x12);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(HCR_EL2) & HCR_VSE, HCR_VSE);
	EXPECT(get(VSESR_EL2), 0x12);
	/* Hardware delivers it, and clears the bit. */
	set(HCR_EL2, get(HCR_EL2) & ~HCR_VSE);
	fake_vel2_eret(v, SPSR_M_EL1H, L2_PC);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	EXPECT(get(HCR_EL2) & HCR_VSE, 0);
}
HOST_TEST(serrors, "SErrors are passed on, once")

/* What a vCPU wrote where a debugger would read it is no other one's. */
static void debug_channel(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	struct vcpu *v, *w;

	fake_boot(1, vms, 2);
	v = fake_entered();
	fake_write("DBGCLAIMSET_EL1", 0x5a); /* vEL2's, without a trap */
	set(OSDTRRX_EL1, 0x11);
	set(OSDTRTX_EL1, 0x22);
	fake_pass(5000000);
	fake_interrupt(26);
	w = fake_exit(v, EXIT_IRQ, 0);
	EXPECT(w && w != v, true);
	if (!w)
		return;
	EXPECT(fake_read("DBGCLAIMCLR_EL1"), 0);
	EXPECT(get(OSDTRRX_EL1) | get(OSDTRTX_EL1), 0);
	fake_write("DBGCLAIMSET_EL1", 0x01);
	fake_pass(6000000);
	fake_interrupt(26);
	EXPECT(fake_exit(w, EXIT_IRQ, 0) == v, true);
	EXPECT(fake_read("DBGCLAIMCLR_EL1"), 0x5a);
	EXPECT(get(OSDTRRX_EL1), 0x11);
	EXPECT(get(OSDTRTX_EL1), 0x22);
}
HOST_TEST(debug_channel, "CLAIM tags and the channel to a debugger are a vCPU's own")
