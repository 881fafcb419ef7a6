/* Where do interrupts go?  A timer of L2, SGIs, list registers, the maintenance interrupt: whole exits on fake registers. */
#include "host/core/features.h"
#include "tests/unit/host/host_test.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define L1_HCR (HCR_RW | HCR_VM | HCR_IMO | HCR_FMO | HCR_E2H)
#define PPI_V 27
#define PPI_P 30
#define PPI_L0 26
#define PPI_LOOK 28
#define LR_STATE(lr) ((lr) >> 62)
#define LR_INTID(lr) ((uint32_t)(lr))

/* L1's GIC: on, PPIs and SGIs of v of group 1 and enabled, and its CPU interface too. */
static void enable_gic(struct vcpu *v)
{
	uint64_t gicr = VM_GICR_BASE + v->index * UINT64_C(0x20000);

	fake_store(v, VM_GICD_BASE, 2, 0x12);
	fake_store(v, gicr + 0x14, 2, 0); /* GICR_WAKER */
	fake_store(v, gicr + 0x10080, 2, 0xffffffff);
	fake_store(v, gicr + 0x10100, 2, 0xffffffff);
	set(ICH_VMCR_EL2, get(ICH_VMCR_EL2) | ICH_VMCR_VENG1 | field_put(ICH_VMCR_VPMR, 0xf8));
}

static uint64_t lr_with(uint32_t intid)
{
	static const char *const name[] = { "ICH_LR0_EL2", "ICH_LR1_EL2", "ICH_LR2_EL2", "ICH_LR3_EL2" };

	for (unsigned n = 0; n < 4; n++)
		if (LR_STATE(fake_get(name[n])) && LR_INTID(fake_get(name[n])) == intid)
			return fake_get(name[n]);
	return 0;
}

/* L2's virtual timer expires: hardware's interrupt is held active, vEL2 gets INTID 27 as an IRQ. */
static void timer_of_l2(void)
{
	struct vcpu *v = fake_l1_with("nv2", L1_HCR);
	uint64_t at = fake_read("CNTPCT_EL0") + 1000;

	enable_gic(v);
	vncr_set(&v->nv.file, SR_CNTV_CVAL_EL0, at);
	vncr_set(&v->nv.file, SR_CNTV_CTL_EL0, 1);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(get(CNTV_CTL_EL02), 1);
	EXPECT(get(CNTV_CVAL_EL02), at);
	fake_pass(1000);
	fake_interrupt(PPI_V);
	v->pc = 0x8000;
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x480);
	EXPECT(get(ELR_EL12), 0x8000);
	EXPECT(vncr_get(&v->nv.file, SR_CNTV_CTL_EL0), 5); /* ENABLE, ISTATUS */
	EXPECT(LR_STATE(lr_with(PPI_V)), 1);
}
HOST_TEST(timer_of_l2, "a timer interrupt of L2 comes to vEL2")

/* The same with HCR_EL2.TGE, where hardware has just taken an SVC of EL0's to vectors that nobody uses: vEL2 has that first, and the interrupt behind it. */
static void timer_behind_svc(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_TGE | HCR_IMO);

	enable_gic(v);
	fake_vel2_eret(v, SPSR_M_EL0T, 0x8000);
	set(CNTV_CVAL_EL02, fake_now() + 1000);
	set(CNTV_CTL_EL02, 1);
	fake_pass(1000);
	fake_interrupt(PPI_V);
	set(ESR_EL12, ESR_OF(EC_SVC64));
	set(ELR_EL12, 0x8004);
	set(SPSR_EL12, SPSR_M_EL0T);
	v->pc = get(VBAR_EL12) + 0x400;
	v->pstate = SPSR_M_EL1H | PSTATE_DAIF;
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(v->pc, FAKE_VBAR + 0x400);
	EXPECT(get(ELR_EL12), 0x8004);
	EXPECT(LR_STATE(lr_with(PPI_V)), 1);
}
HOST_TEST(timer_behind_svc, "HCR_EL2.TGE with E2H=0: an interrupt comes behind an exception of EL0's")

/* While vEL2 runs, L2's timer is watched by L0's own. */
static void watched_timer(void)
{
	struct vcpu *v = fake_l1_with("nv2", L1_HCR);

	enable_gic(v);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	set(CNTV_CVAL_EL02, fake_now() + 50000);
	set(CNTV_CTL_EL02, 1);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(CNTHP_CTL_EL2) & 1, 1);
	EXPECT(get(CNTHP_CVAL_EL2), vncr_get(&v->nv.file, SR_CNTV_CVAL_EL0));
	EXPECT(get(CNTV_CTL_EL02) & 1, 0); /* hardware's is L1's EL2 timer */
	fake_pass(60000);
	fake_interrupt(PPI_L0);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(vncr_get(&v->nv.file, SR_CNTV_CTL_EL0), 5);
	EXPECT(LR_STATE(lr_with(PPI_V)), 1);
	EXPECT(fake_is_active(PPI_L0), false);
}
HOST_TEST(watched_timer, "a timer of L2 fires while vEL2 runs")

/* vEL2's own timer, E2H=1: hardware's EL1 timer under its EL02 name. */
static void timer_of_vel2(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H | HCR_TGE | HCR_IMO);

	enable_gic(v);
	(void)fake_vel2_read(v, SR_MDCR_EL2);
	set(CNTP_CVAL_EL02, 10);
	set(CNTP_CTL_EL02, 1);
	fake_interrupt(PPI_P);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(LR_STATE(lr_with(26)), 1);
}
HOST_TEST(timer_of_vel2, "vEL2's own timer is INTID 26 of L1's GIC")

/* It masks that timer without a trap before it takes the interrupt: at the next trap nothing is pending, nor active below. */
static void line_that_falls(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H | HCR_TGE | HCR_IMO);

	enable_gic(v);
	set(CNTP_CVAL_EL02, 10);
	set(CNTP_CTL_EL02, 1);
	fake_interrupt(PPI_P);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(LR_STATE(lr_with(26)), 1);
	(void)fake_vel2_read(v, SR_MDCR_EL2);
	EXPECT(LR_STATE(lr_with(26)), 1);
	EXPECT(fake_is_active(PPI_P), true);
	set(CNTP_CTL_EL02, 3);
	(void)fake_vel2_read(v, SR_MDCR_EL2);
	EXPECT(lr_with(26), 0);
	EXPECT(fake_is_active(PPI_P), false);
}
HOST_TEST(line_that_falls, "an interrupt whose line has fallen is taken back")

/* Without FEAT_ECV CNTV of vEL2 with E2H=0 is memory: masked there while hardware's copy fires, it stays masked. */
static void masked_in_memory(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_IMO);

	cpu_features_found.ecv = false;
	enable_gic(v);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	vncr_set(&v->nv.file, SR_CNTV_CVAL_EL0, 10);
	vncr_set(&v->nv.file, SR_CNTV_CTL_EL0, 1);
	(void)fake_vel2_read(v, SR_MDCR_EL2);
	EXPECT(get(CNTV_CTL_EL02) & 3, 1);
	EXPECT(vncr_get(&v->nv.file, SR_CNTV_CTL_EL0), 5);
	vncr_set(&v->nv.file, SR_CNTV_CTL_EL0, 3);
	fake_interrupt(PPI_V);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(vncr_get(&v->nv.file, SR_CNTV_CTL_EL0), 7);
	EXPECT(get(CNTV_CTL_EL02) & 3, 3);
	set(CNTV_CVAL_EL02, 0x12345678); /* by TVAL, which is hardware's */
	(void)fake_vel2_read(v, SR_MDCR_EL2);
	EXPECT(vncr_get(&v->nv.file, SR_CNTV_CVAL_EL0), 0x12345678);
}
HOST_TEST(masked_in_memory, "what L1 wrote to a timer in memory stays")

/* vEL2 arms a timer of its guest by memory and spins: L0's limit finds it, and the name traps from then on. */
static void armed_in_memory(void)
{
	struct vcpu *v = fake_l1_with("nv2", L1_HCR);

	enable_gic(v);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(get(CNTHV_CVAL_EL2), UINT64_MAX);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	EXPECT(get(CNTHV_CTL_EL2), 1);
	EXPECT(get(CNTHV_TVAL_EL2), 1000000);
	EXPECT(get(CNTHCTL_EL2) & (CNTHCTL_EL1NVPCT | CNTHCTL_EL1NVVCT), 0);
	vncr_set(&v->nv.file, SR_CNTV_CVAL_EL0, 10);
	vncr_set(&v->nv.file, SR_CNTV_CTL_EL0, 1);
	fake_interrupt(PPI_LOOK);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(LR_STATE(lr_with(PPI_V)), 1);
	EXPECT(vncr_get(&v->nv.file, SR_CNTV_CTL_EL0), 5);
	EXPECT(fake_is_active(PPI_LOOK), false);
	EXPECT(get(CNTHCTL_EL2) & (CNTHCTL_EL1NVPCT | CNTHCTL_EL1NVVCT), CNTHCTL_EL1NVPCT | CNTHCTL_EL1NVVCT);
	fake_vel2_write(v, SR_CNTV_CTL_EL02, 0);
	EXPECT(lr_with(PPI_V), 0);
	EXPECT(get(CNTHV_CVAL_EL2), UINT64_MAX); /* nothing is left to be seen */
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	EXPECT(get(CNTHCTL_EL2) & (CNTHCTL_EL1NVPCT | CNTHCTL_EL1NVVCT), 0);
}
HOST_TEST(armed_in_memory, "a timer armed by memory is found in a millisecond")

/* ICC_SGI1R_EL1 of vEL2 to another vCPU, which takes it when it comes to L0. */
static void sgi(void)
{
	struct vcpu *v, *w;

	fake_boot(2, &(struct fake_vm){ .mode = "nv2", .vcpus = 2 }, 1);
	v = fake_entered();
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW | HCR_IMO);
	enable_gic(v);
	v->gp.x[0] = 0xc4000003; /* CPU_ON */
	v->gp.x[1] = 1;
	v->gp.x[2] = VM_RAM_BASE + 0x4000;
	v->gp.x[3] = 0x77;
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_SMC64));
	EXPECT(v->gp.x[0], 0);
	w = fake_run(1);
	EXPECT(w == v->vm->vcpu[1], true);
	if (!w)
		return;
	EXPECT(w->pc, VM_RAM_BASE + 0x4000);
	EXPECT(w->gp.x[0], 0x77);
	fake_vel2_write(w, SR_HCR_EL2, HCR_RW | HCR_IMO);
	enable_gic(w);
	fake_select(0);
	fake_vel2_write(v, SR_ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, 5) | 2);
	fake_select(1);
	fake_exit(w, EXIT_IRQ, 0); /* L0's own SGI */
	EXPECT(LR_STATE(lr_with(5)), 1);
}
HOST_TEST(sgi, "an SGI comes to another vCPU")

/* A list register of L1 for its guest, completed there, is no longer active in L1's GIC; maintenance is reported. */
static void list_registers(void)
{
	struct vcpu *v = fake_l1_with("nv2", L1_HCR);
	uint64_t lr = ICH_LR_PENDING | ICH_LR_GROUP | ICH_LR_EOI | 40;

	enable_gic(v);
	vncr_set(&v->nv.file, SR_ICH_HCR_EL2, ICH_HCR_EN);
	vncr_set(&v->nv.file, SR_ICH_LR1_EL2, lr);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(get(ICH_LR1_EL2), lr);
	EXPECT(get(ICH_HCR_EL2) & ICH_HCR_EN, ICH_HCR_EN);
	set(ICH_LR1_EL2, lr & ~ICH_LR_STATE); /* taken and completed */
	set(ICH_MISR_EL2, 1);		      /* EOI */
	fake_interrupt(25);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(LR_STATE(vncr_get(&v->nv.file, SR_ICH_LR1_EL2)), 0);
	EXPECT(LR_STATE(lr_with(25)), 1);
	EXPECT(fake_vel2_read(v, SR_ICH_ELRSR_EL2), 0xd);
	EXPECT(fake_vel2_read(v, SR_ICH_MISR_EL2) & 1, 1);
	EXPECT(fake_vel2_read(v, SR_ICH_EISR_EL2), 2);
	EXPECT(field_get(ICH_VTR_LISTREGS, fake_vel2_read(v, SR_ICH_VTR_EL2)), 3);
}
HOST_TEST(list_registers, "L1's list registers reach hardware and come back")

/*
 * SGIs 0 to 3 of Group 0, and SGI 8 of Group 1, of lower priority: four list registers. What L1 enables without a trap L0 sees when
 * the maintenance interrupt tells it. A group that L0 itself holds back is none that L1 has disabled.
 */
static void more_than_list_registers(void)
{
	const uint64_t told =
		ICH_HCR_NPIE | ICH_HCR_VGRP0EIE | ICH_HCR_VGRP0DIE | ICH_HCR_VGRP1EIE | ICH_HCR_VGRP1DIE;
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_IMO | HCR_FMO | HCR_E2H);
	uint64_t sgis = VM_GICR_BASE + 0x10000;

	enable_gic(v);
	fake_store(v, VM_GICD_BASE, 2, 0x13);
	fake_store(v, sgis + 0x80, 2, 0xfffffff0);
	fake_store(v, sgis + 0x408, 2, 0x80);
	fake_store(v, sgis + 0x200, 2, 0x10f);
	fake_interrupt(25);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(LR_STATE(lr_with(8)), 1);
	EXPECT(get(ICH_HCR_EL2) & told, ICH_HCR_NPIE | ICH_HCR_VGRP0EIE | ICH_HCR_VGRP1DIE);
	set(ICH_VMCR_EL2, get(ICH_VMCR_EL2) | ICH_VMCR_VENG0);
	fake_interrupt(25);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(lr_with(8), 0);
	EXPECT(get(ICH_HCR_EL2) & told, ICH_HCR_NPIE | ICH_HCR_VGRP0DIE | ICH_HCR_VGRP1DIE);
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW | HCR_IMO | HCR_E2H);
	EXPECT(get(ICH_VMCR_EL2) & (ICH_VMCR_VENG0 | ICH_VMCR_VENG1), 0);
	EXPECT(get(ICH_HCR_EL2) & ICH_HCR_TALL0, ICH_HCR_TALL0);
	EXPECT(get(ICH_HCR_EL2) & told, ICH_HCR_NPIE);
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW | HCR_IMO | HCR_FMO | HCR_E2H);
	EXPECT(get(ICH_VMCR_EL2) & (ICH_VMCR_VENG0 | ICH_VMCR_VENG1), ICH_VMCR_VENG0 | ICH_VMCR_VENG1);
	EXPECT(get(ICH_HCR_EL2) & told, ICH_HCR_NPIE | ICH_HCR_VGRP0DIE | ICH_HCR_VGRP1DIE);
	set(ICH_VMCR_EL2, get(ICH_VMCR_EL2) & ~(uint64_t)ICH_VMCR_VENG0);
	fake_interrupt(25);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(LR_STATE(lr_with(8)), 1);
}
HOST_TEST(more_than_list_registers, "what L1 has disabled keeps nothing out of the list registers")

/* HCR_EL2.IMO without FMO: the other group's registers are L1's own interface's, and trap. */
static void split(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_VM | HCR_IMO | HCR_E2H);

	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(get(ICH_HCR_EL2) & ICH_HCR_TALL0, ICH_HCR_TALL0);
	fake_exit(v, EXIT_SYNC, fake_sysreg_esr(SR_ICC_IAR0_EL1, true, 2));
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(v->gp.x[2], 1023);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64));
	EXPECT(v->world.loaded, WORLD_VEL2);
}
HOST_TEST(split, "one group of L1's GIC for its guest")
