/*
 * What does L1 do about an exit of L2?  Reads ESR_EL2 and whatever else the reason needs, never more: under
 * NV2 ESR_EL2, ELR_EL2 and FAR_EL2 cost no trap, HPFAR_EL2 does.  Next: gic.c, stage2.c.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/firn_abi.h"
#include "nv/arch/intid.h"

#define INSTRUCTION_SIZE 4
#define PSCI_1_1 0x10001

/* ESR_EL2.ISS of EC 0x18 without Rt and direction */
#define ISS_OF(op0, op1, crn, crm, op2)                                                                  \
	(field_put(ESR_SYS64_OP0, op0) | field_put(ESR_SYS64_OP1, op1) | field_put(ESR_SYS64_CRN, crn) | \
	 field_put(ESR_SYS64_CRM, crm) | field_put(ESR_SYS64_OP2, op2))
#define ESR_SYSREG ISS_OF(3, 7, 15, 15, 7)
#define ISS_ICC_SGI1R_EL1 ISS_OF(3, 0, 12, 11, 5)
/* The space that HCR_EL2.TID3 traps: op0 3, op1 0, CRn 0, CRm 1 to 7 */
#define ISS_ID_SPACE ISS_OF(3, 0, 0, 0, 0)
#define ISS_CRM_OP2 ISS_OF(0, 0, 0, 15, 7)

/* No EL2, no EL3 and no feature that L1 would have to switch */
#define PFR0_L2_SEES                                                                            \
	(ID_AA64PFR0_FIELD_EL0 | ID_AA64PFR0_FIELD_EL1 | ID_AA64PFR0_FP | ID_AA64PFR0_ADVSIMD | \
	 ID_AA64PFR0_GIC)

/* An ID register as it lies in the ISS, and its value for L2.  One that is not here reads as zero. */
static struct {
	uint64_t iss, value;
} ids[] = {
	{ ISS_OF(3, 0, 0, 4, 0), 0 }, { ISS_OF(3, 0, 0, 6, 0), 0 }, { ISS_OF(3, 0, 0, 6, 1), 0 },
	{ ISS_OF(3, 0, 0, 7, 0), 0 }, { ISS_OF(3, 0, 0, 7, 1), 0 }, { ISS_OF(3, 0, 0, 7, 2), 0 },
};

static uint32_t device_reads;
static uint64_t device_notifications;

void exit_setup(void)
{
	ids[0].value = read_sysreg(ID_AA64PFR0_EL1) & PFR0_L2_SEES;
	ids[1].value = read_sysreg(ID_AA64ISAR0_EL1);
	ids[2].value = read_sysreg(ID_AA64ISAR1_EL1);
	ids[3].value = read_sysreg(ID_AA64MMFR0_EL1);
	ids[4].value = read_sysreg(ID_AA64MMFR1_EL1);
	ids[5].value = read_sysreg(ID_AA64MMFR2_EL1);
}

static _Noreturn void unexpected(const char *what, uint64_t esr)
{
	rt_fail("%s %s, ESR_EL2 0x%lx ELR_EL2 0x%lx", workload_name(), what, esr, read_own(ELR));
}

static void skip_instruction(void)
{
	write_own(ELR, read_own(ELR) + INSTRUCTION_SIZE);
}

/* By HVC or SMC */
static void call(struct l2_regs *regs)
{
	switch (regs->x[0]) {
	case L2_PSCI_VERSION:
		regs->x[0] = PSCI_1_1;
		return;
	case L2_CALL_RAISE:
		gic_inject((uint32_t)regs->x[1], false);
		return;
	case L2_PSCI_CPU_ON:
		regs->x[0] = smp_cpu_on(regs->x[1], (l2_ipa_t){ regs->x[2] }, regs->x[3]);
		return;
	case L2_PSCI_CPU_OFF:
		smp_cpu_off();
	case L2_PSCI_AFFINITY_INFO:
		regs->x[0] = smp_affinity_info(regs->x[1], regs->x[2]);
		return;
	case L2_PSCI_SYSTEM_OFF:
		workload_end(ids[0].value, device_notifications);
	default:
		regs->x[0] = L2_NOT_SUPPORTED;
	}
}

static void hypercall(struct l2_regs *regs, uint64_t esr)
{
	if ((esr & ESR_IMM16) !=
	    FIRN_HVC_MARK) /* else nobody below counts: the bare machine, or no firn,markers */
		call(regs);
}

static uint64_t id_value(uint64_t iss)
{
	for (unsigned n = 0; n < sizeof(ids) / sizeof(*ids); n++)
		if (ids[n].iss == iss)
			return ids[n].value;
	return 0;
}

/* vCPU n is bit n of the target list: all are in the cluster 0.0.0, and fewer than 16. */
static uint64_t sgi_targets(uint64_t sgi1r, unsigned self)
{
	if (sgi1r & ICC_SGIR_IRM)
		return (BIT(rt_machine()->cpus) - 1) & ~BIT(self);
	if (sgi1r & (ICC_SGIR_AFF1 | ICC_SGIR_AFF2 | ICC_SGIR_AFF3 | ICC_SGIR_RS))
		return 0;
	return sgi1r & ICC_SGIR_TARGETS & (BIT(rt_machine()->cpus) - 1);
}

static void send_sgi(uint64_t sgi1r)
{
	unsigned self = cpu_self();
	uint64_t targets = sgi_targets(sgi1r, self);
	uint32_t intid = (uint32_t)field_get(ICC_SGIR_INTID, sgi1r);

	for (unsigned n = 0; targets >> n; n++)
		if (!(targets & BIT(n)))
			continue;
		else if (n == self)
			gic_inject(intid, false);
		else
			smp_send(n, intid);
}

static void system_register(struct l2_regs *regs, uint64_t esr)
{
	uint64_t iss = esr & ESR_SYSREG;
	uint64_t *rt = &regs->x[field_get(ESR_SYS64_RT, esr)];
	bool read = esr & ESR_SYS64_READ;

	if (!read && iss == ISS_ICC_SGI1R_EL1)
		send_sgi(*rt);
	else if (read && (iss & ~ISS_CRM_OP2) == ISS_ID_SPACE)
		*rt = id_value(iss);
	else
		unexpected("system register", esr);
	regs->x[31] = 0;
	skip_instruction();
}

static bool in_pages(uint64_t l2_ipa)
{
	return l2_ipa - L2_PAGES < L2_PAGES_MAX * L2_PAGE_SIZE;
}

static bool device(uint64_t l2_ipa, bool write, uint64_t *rt)
{
	if (!write && l2_ipa == L2_DEVICE)
		*rt = L2_DEVICE_VALUE + device_reads++;
	else if (write && l2_ipa == L2_NOTIFY)
		device_notifications++;
	else if (write && l2_ipa == L2_UNMAP)
		stage2_unmap_page((l2_ipa_t){ L2_PAGES + *rt % L2_PAGES_MAX * L2_PAGE_SIZE });
	else if (write && l2_ipa == L2_FLUSH)
		stage2_flush();
	else
		return false;
	return true;
}

/* L2 gets memory where it has touched for the first time. */
static void take_page(l2_ipa_t l2_ipa)
{
	uint64_t size = 1;
	void *page = stage2_memory(&size, STAGE2_PAGE);

	stage2_map((l2_ipa_t){ l2_ipa.val & ~(size - 1) }, page, size, STAGE2_PAGE, false);
}

static void data_abort(struct l2_regs *regs, uint64_t esr)
{
	l2_ipa_t page = { field_get(HPFAR_FIPA, read_sysreg(HPFAR_EL2)) << PAGE_SHIFT };
	uint64_t l2_ipa;

	if (in_pages(page.val) && (esr & FSC_TYPE) == FSC_TRANSLATION) {
		take_page(page);
		return;
	}
	l2_ipa = page.val | (read_own(FAR) & (PAGE_SIZE - 1));
	if (!(esr & ESR_ISV) || !device(l2_ipa, esr & ESR_WNR, &regs->x[field_get(ESR_SRT, esr)]))
		unexpected("data abort", esr);
	regs->x[31] = 0;
	skip_instruction();
}

void exit_sync(struct l2_regs *regs)
{
	uint64_t esr = read_own(ESR);

	switch (field_get(ESR_EC, esr)) {
	case EC_HVC64:
		hypercall(regs, esr);
		return;
	case EC_SMC64:
		call(regs);
		skip_instruction();
		return;
	case EC_SYS64:
		system_register(regs, esr);
		return;
	case EC_DABT_LOW:
		data_abort(regs, esr);
		return;
	default:
		unexpected("exit", esr);
	}
}

/*
 * What is enabled at the distributor is L2's: its virtual timer, and the device that it may have, active until L2 completes its
 * virtual twin; and the kick of another CPU.
 */
void exit_irq(struct l2_regs *regs)
{
	uint32_t intid = gic_take();

	(void)regs;
	if (intid == INTID_SPURIOUS)
		return;
	if (intid == rt_machine()->timer_virt_intid || intid == rt_machine()->uart_intid) {
		gic_inject(intid, true);
	} else if (intid == L1_SGI_KICK) {
		gic_finish(intid);
		smp_receive();
	} else {
		rt_fail("%s interrupt %u", workload_name(), intid);
	}
}
