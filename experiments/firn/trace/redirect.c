/*
 * Which accesses of a guest hypervisor would not trap on a machine that defers a given set of registers?
 *
 * neve      Lim, Dall, Li, Nieh, Zyngier: NEVE, SOSP 2017, its tables of VM system registers, of hypervisor control registers
 *           and of the GIC's. They were typed without the paper's text at hand. What they say of memory is checked against
 *           FEAT_NV2, which came of it (tests/unit/experiments/test_redirect.c); the rest is to be looked up before it
 *           is quoted
 * nv2       FEAT_NV2, from nv/arch/sysreg_list.h
 * nv2p1     what Linux 7.3 (arch/arm64/kvm: ARM64_HAS_NV2P1) says of it: CPACR_EL1 and CNTKCTL_EL1 hold all of CPTR_EL2's
 *           and CNTHCTL_EL2's bits for a VHE vEL2, so that their accesses need no trap
 * nv3       the same source (ARM64_HAS_NV3): also the ERET that stays in the context of a VHE vEL2, and the TLBI of its own
 *           translations (HCR_EL2.TGE set, HCRX_EL2.NVnTTLB)
 * gicv4     no registers: what a device's interrupt for L2 takes on its way through L1 (messages.c)
 */
#include "experiments/firn/trace/redirect.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "nv/arch/fields.h"
#include "nv/eret.h"

// clang-format off
static const struct {
	uint16_t reg;
	enum neve how;
} neve[] = {
	/* VM system registers: what controls a VM's traps, the thread ID, a VM's own EL1 */
	{ SR_HACR_EL2, NEVE_MEMORY }, { SR_HCR_EL2, NEVE_MEMORY }, { SR_HPFAR_EL2, NEVE_MEMORY }, { SR_HSTR_EL2, NEVE_MEMORY },
	{ SR_VMPIDR_EL2, NEVE_MEMORY }, { SR_VNCR_EL2, NEVE_MEMORY }, { SR_VPIDR_EL2, NEVE_MEMORY }, { SR_VTCR_EL2, NEVE_MEMORY },
	{ SR_VTTBR_EL2, NEVE_MEMORY },
	{ SR_TPIDR_EL2, NEVE_MEMORY },
	{ SR_AFSR0_EL1, NEVE_MEMORY }, { SR_AFSR1_EL1, NEVE_MEMORY }, { SR_AMAIR_EL1, NEVE_MEMORY },
	{ SR_CONTEXTIDR_EL1, NEVE_MEMORY }, { SR_CPACR_EL1, NEVE_MEMORY }, { SR_ELR_EL1, NEVE_MEMORY },
	{ SR_ESR_EL1, NEVE_MEMORY }, { SR_FAR_EL1, NEVE_MEMORY }, { SR_MAIR_EL1, NEVE_MEMORY }, { SR_SCTLR_EL1, NEVE_MEMORY },
	{ SR_SP_EL1, NEVE_MEMORY }, { SR_SPSR_EL1, NEVE_MEMORY }, { SR_TCR_EL1, NEVE_MEMORY }, { SR_TTBR0_EL1, NEVE_MEMORY },
	{ SR_TTBR1_EL1, NEVE_MEMORY }, { SR_VBAR_EL1, NEVE_MEMORY },
	/* hypervisor control registers */
	{ SR_AFSR0_EL2, NEVE_EL1 }, { SR_AFSR1_EL2, NEVE_EL1 }, { SR_AMAIR_EL2, NEVE_EL1 }, { SR_ELR_EL2, NEVE_EL1 },
	{ SR_ESR_EL2, NEVE_EL1 }, { SR_FAR_EL2, NEVE_EL1 }, { SR_SPSR_EL2, NEVE_EL1 }, { SR_MAIR_EL2, NEVE_EL1 },
	{ SR_SCTLR_EL2, NEVE_EL1 }, { SR_VBAR_EL2, NEVE_EL1 },
	{ SR_CONTEXTIDR_EL2, NEVE_EL1_OF_VHE }, { SR_TTBR1_EL2, NEVE_EL1_OF_VHE },
	{ SR_TCR_EL2, NEVE_EL1_OR_COPY }, { SR_TTBR0_EL2, NEVE_EL1_OR_COPY },
	{ SR_CNTHCTL_EL2, NEVE_COPY }, { SR_CNTVOFF_EL2, NEVE_COPY }, { SR_CPTR_EL2, NEVE_COPY }, { SR_MDCR_EL2, NEVE_COPY },
	/* the GIC's, which hardware changes while the VM runs */
	{ SR_ICH_HCR_EL2, NEVE_COPY }, { SR_ICH_VTR_EL2, NEVE_COPY }, { SR_ICH_VMCR_EL2, NEVE_COPY },
	{ SR_ICH_MISR_EL2, NEVE_COPY }, { SR_ICH_EISR_EL2, NEVE_COPY }, { SR_ICH_ELRSR_EL2, NEVE_COPY },
#define COPY(name) { SR_ICH_##name##_EL2, NEVE_COPY },
	COPY(AP0R0) COPY(AP0R1) COPY(AP0R2) COPY(AP0R3) COPY(AP1R0) COPY(AP1R1) COPY(AP1R2) COPY(AP1R3)
	COPY(LR0) COPY(LR1) COPY(LR2) COPY(LR3) COPY(LR4) COPY(LR5) COPY(LR6) COPY(LR7)
	COPY(LR8) COPY(LR9) COPY(LR10) COPY(LR11) COPY(LR12) COPY(LR13) COPY(LR14) COPY(LR15)
#undef COPY
};
// clang-format on

enum neve redirect_neve(enum sysreg r)
{
	for (size_t i = 0; i < sizeof(neve) / sizeof(neve[0]); i++)
		if (neve[i].reg == r)
			return neve[i].how;
	return NEVE_TRAP;
}

/* A copy in memory is good for reads only: a write has to reach hardware. */
static bool deferred_by_neve(enum sysreg r, bool e2h, bool is_read)
{
	switch (redirect_neve(r)) {
	case NEVE_MEMORY:
	case NEVE_EL1:
		return true;
	case NEVE_EL1_OF_VHE:
		return e2h;
	case NEVE_EL1_OR_COPY:
		return e2h || is_read;
	case NEVE_COPY:
		return is_read;
	case NEVE_TRAP:
		break;
	}
	return false;
}

/* For reads and writes. */
static const uint16_t nv2p1_both[] = { SR_CPACR_EL1, SR_CNTKCTL_EL1 };

/* NAME, NAME:R or NAME:W. False after one line on stderr. */
static bool add_register(struct redirect *set, const char *word)
{
	size_t length = strcspn(word, ":");
	char way = word[length] ? word[length + 1] : '\0';

	if (word[length] && ((way != 'R' && way != 'W') || word[length + 2]))
		return !complain(STATUS_USAGE,
				 "--redirect: '%s': write :R or :W behind a register, or nothing for both",
				 word);
	for (unsigned r = 1; r < SR_COUNT; r++)
		if (strlen(sysreg_info[r].name) == length &&
		    strncmp(sysreg_info[r].name, word, length) == 0) {
			set->read[r] |= way != 'W';
			set->write[r] |= way != 'R';
			return true;
		}
	return !complain(STATUS_USAGE,
			 "--redirect: '%s' is no register and no set; sets are: neve, nv2, nv2p1, nv3, gicv4",
			 word);
}

/* A set's name or a register's. Each of the sets nv2p1 and nv3 has what is before it. */
static bool add_word(struct redirect *set, const char *word)
{
	bool nv3 = strcmp(word, "nv3") == 0, nv2p1 = nv3 || strcmp(word, "nv2p1") == 0;

	if (strcmp(word, "gicv4") == 0) {
		set->gicv4 = true;
		return true;
	}
	set->registers = true;
	if (strcmp(word, "neve") == 0) {
		set->neve = true;
		return true;
	}
	if (nv2p1 || strcmp(word, "nv2") == 0) {
		set->nv2 = true;
		set->nv3 |= nv3;
		for (size_t i = 0; nv2p1 && i < sizeof(nv2p1_both) / sizeof(nv2p1_both[0]); i++)
			set->read[nv2p1_both[i]] = set->write[nv2p1_both[i]] = true;
		return true;
	}
	return add_register(set, word);
}

bool redirect_parse(struct redirect *set, const char *value)
{
	char **part = NULL;
	size_t count = option_list("--redirect", value, &part);
	bool good = count > 0;

	*set = (struct redirect){ .nv2 = false };
	for (size_t i = 0; good && i < count; i++)
		good = add_word(set, part[i]);
	free(part);
	return good;
}

/* By the register list, which says of each register how vEL2 reaches it; e2h: HCR_EL2.E2H as L1 has it. */
static bool deferred_by_nv2(enum sysreg r, bool e2h)
{
	const struct sysreg_info *info = &sysreg_info[r];

	switch ((enum sysreg_access)info->access) {
	case VEL2_MEMORY:
	case VEL2_REDIRECT:
		return true;
	case VEL2_ALIAS:
		return e2h && sysreg_info[info->rel].slot != NO_SLOT;
	case VEL2_BY_NV1:
		return !e2h && info->slot != NO_SLOT;
	default:
		return false;
	}
}

/* SR_NONE for what is not an access of vEL2 to a register. */
static enum sysreg register_of(const struct step *s)
{
	if (s->exit.ret != 2 || s->exit.esr_ec != EC_SYS64 || !s->exit.from_vel2 || s->exit.level != 0)
		return SR_NONE;
	return sysreg_from_iss((uint32_t)(s->exit.esr_el2 & ESR_ISS));
}

/* TLBI of EL1's stage 1, by name: op1 is 0. */
static bool is_own_tlbi(enum sysreg r)
{
	return strncmp(sysreg_info[r].name, "TLBI_", 5) == 0 &&
	       field_get(SYSREG_ENC_OP1, sysreg_info[r].enc) == 0;
}

/* Would this trap be none?  What it depends on is in the step: the register, the way, L1's HCR_EL2. */
bool redirect_has(const struct redirect *set, const struct step *s)
{
	bool e2h = s->exit.l1_hcr_el2 & HCR_E2H, is_read = s->exit.esr_el2 & ESR_SYS64_READ;
	enum sysreg r = register_of(s);

	if (s->has_eret)
		return set->nv3 && e2h && s->eret.to == NV_ERET_VEL2;
	if (r == SR_NONE)
		return false;
	if (set->nv3 && e2h && (s->exit.l1_hcr_el2 & HCR_TGE) && is_own_tlbi(r))
		return true;
	if (set->nv2 && deferred_by_nv2(r, e2h))
		return true;
	if (sysreg_info[r].access == VEL2_ALIAS) /* SCTLR_EL12 is SCTLR_EL1's other name */
		r = (enum sysreg)sysreg_info[r].rel;
	if (set->neve && deferred_by_neve(r, e2h, is_read))
		return true;
	return is_read ? set->read[r] : set->write[r];
}

/* What the register is for, for --ablate. */
const char *redirect_group(const struct step *s)
{
	enum sysreg r = register_of(s);
	const char *name = sysreg_info[r].name;

	if (r == SR_NONE)
		return s->has_eret ? "ERET within vEL2" : "other";
	if (is_own_tlbi(r))
		return "TLBI of vEL2's own";
	if (strncmp(name, "ICH_", 4) == 0 || strncmp(name, "ICC_", 4) == 0)
		return "interrupt controller";
	if (strncmp(name, "CNT", 3) == 0)
		return "timers";
	if (strncmp(name, "HFG", 3) == 0 || strncmp(name, "HDFG", 4) == 0)
		return "fine-grained traps";
	if (sysreg_info[r].access == VEL2_REDIRECT)
		return "redirected (ELR, SPSR, ESR, FAR)";
	if (r == SR_VTTBR_EL2 || r == SR_VTCR_EL2)
		return "stage 2";
	if (sysreg_info[r].access == VEL2_ALIAS || sysreg_info[r].access == VEL2_BY_NV1 || r == SR_SP_EL1)
		return "the guest's EL1";
	if (r == SR_TPIDR_EL2)
		return "thread pointer (TPIDR_EL2)";
	return "EL2 controls";
}
