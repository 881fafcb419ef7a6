/*
 * Which accesses of a guest hypervisor would not trap on a machine that defers a given set of registers?
 *
 * neve      the tables of Lim, Dall, Li, Nieh, Zyngier, "NEVE", SOSP 2017: registers kept in memory, registers redirected to
 *           EL1, and copies in memory that serve reads while writes still trap
 * nv2       FEAT_NV2, from nv/arch/sysreg_list.h
 * nv2p1     what Linux 7.3 (arch/arm64/kvm: ARM64_HAS_NV2P1) says of it: CPACR_EL1 and CNTKCTL_EL1 hold all of CPTR_EL2's
 *           and CNTHCTL_EL2's bits for a VHE vEL2, so that their accesses need no trap
 * nv3       the same source (ARM64_HAS_NV3): also the ERET that stays in the context of a VHE vEL2
 */
#include "experiments/firn/redirect.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/complain.h"
#include "experiments/firn/options.h"
#include "nv/arch/fields.h"
#include "nv/eret.h"

static const uint16_t neve_both[] = {
	/* in memory: what controls a VM's traps, and a VM's own EL1 */
	SR_HACR_EL2,
	SR_HCR_EL2,
	SR_HPFAR_EL2,
	SR_HSTR_EL2,
	SR_TPIDR_EL2,
	SR_VMPIDR_EL2,
	SR_VPIDR_EL2,
	SR_VTCR_EL2,
	SR_VTTBR_EL2,
	SR_AFSR0_EL1,
	SR_AFSR1_EL1,
	SR_AMAIR_EL1,
	SR_CONTEXTIDR_EL1,
	SR_CPACR_EL1,
	SR_ELR_EL1,
	SR_ESR_EL1,
	SR_FAR_EL1,
	SR_MAIR_EL1,
	SR_SCTLR_EL1,
	SR_SP_EL1,
	SR_SPSR_EL1,
	SR_TCR_EL1,
	SR_TTBR0_EL1,
	SR_TTBR1_EL1,
	SR_VBAR_EL1,
	/* redirected to EL1 */
	SR_AFSR0_EL2,
	SR_AFSR1_EL2,
	SR_AMAIR_EL2,
	SR_ELR_EL2,
	SR_ESR_EL2,
	SR_FAR_EL2,
	SR_SPSR_EL2,
	SR_MAIR_EL2,
	SR_SCTLR_EL2,
	SR_VBAR_EL2,
	SR_CONTEXTIDR_EL2,
	SR_TTBR1_EL2,
	SR_TCR_EL2,
	SR_TTBR0_EL2,
};

/* A copy in memory serves reads. */
static const uint16_t neve_read[] = {
	SR_CNTHCTL_EL2,	  SR_CNTVOFF_EL2,   SR_CPTR_EL2,      SR_MDCR_EL2,	SR_ICH_HCR_EL2,
	SR_ICH_VTR_EL2,	  SR_ICH_VMCR_EL2,  SR_ICH_MISR_EL2,  SR_ICH_EISR_EL2,	SR_ICH_ELRSR_EL2,
	SR_ICH_AP0R0_EL2, SR_ICH_AP0R1_EL2, SR_ICH_AP0R2_EL2, SR_ICH_AP0R3_EL2, SR_ICH_AP1R0_EL2,
	SR_ICH_AP1R1_EL2, SR_ICH_AP1R2_EL2, SR_ICH_AP1R3_EL2, SR_ICH_LR0_EL2,	SR_ICH_LR1_EL2,
	SR_ICH_LR2_EL2,	  SR_ICH_LR3_EL2,   SR_ICH_LR4_EL2,   SR_ICH_LR5_EL2,	SR_ICH_LR6_EL2,
	SR_ICH_LR7_EL2,	  SR_ICH_LR8_EL2,   SR_ICH_LR9_EL2,   SR_ICH_LR10_EL2,	SR_ICH_LR11_EL2,
	SR_ICH_LR12_EL2,  SR_ICH_LR13_EL2,  SR_ICH_LR14_EL2,  SR_ICH_LR15_EL2,
};

static const uint16_t nv2p1_both[] = { SR_CPACR_EL1, SR_CNTKCTL_EL1 };

static void add(struct redirect *set, const uint16_t *list, size_t count, bool reads_only)
{
	for (size_t i = 0; i < count; i++) {
		set->read[list[i]] = true;
		set->write[list[i]] |= !reads_only;
	}
}

#define ADD(set, list, reads_only) add(set, list, sizeof(list) / sizeof((list)[0]), reads_only)

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
			 "--redirect: '%s' is no register and no set; sets are: neve, nv2, nv2p1, nv3", word);
}

static bool add_word(struct redirect *set, const char *word)
{
	bool nv3 = strcmp(word, "nv3") == 0, nv2p1 = nv3 || strcmp(word, "nv2p1") == 0;

	if (strcmp(word, "neve") == 0) {
		ADD(set, neve_both, false);
		ADD(set, neve_read, true);
		return true;
	}
	if (nv2p1 || strcmp(word, "nv2") == 0) {
		set->nv2 = true;
		set->local_eret |= nv3;
		if (nv2p1)
			ADD(set, nv2p1_both, false);
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

static enum sysreg register_of(const struct step *s)
{
	if (s->exit.ret != 2 || s->exit.esr_ec != EC_SYS64 || !s->exit.from_vel2 || s->exit.level != 0)
		return SR_NONE;
	return sysreg_from_iss((uint32_t)(s->exit.esr_el2 & ESR_ISS));
}

bool redirect_has(const struct redirect *set, const struct step *s)
{
	bool e2h = s->exit.l1_hcr_el2 & HCR_E2H, is_read = s->exit.esr_el2 & ESR_SYS64_READ;
	enum sysreg r = register_of(s);

	if (s->has_eret)
		return set->local_eret && e2h && s->eret.to == NV_ERET_VEL2;
	if (r == SR_NONE)
		return false;
	if (set->nv2 && deferred_by_nv2(r, e2h))
		return true;
	if (sysreg_info[r].access == VEL2_ALIAS) /* SCTLR_EL12 is SCTLR_EL1's other name */
		r = (enum sysreg)sysreg_info[r].rel;
	return is_read ? set->read[r] : set->write[r];
}

const char *redirect_group(const struct step *s)
{
	enum sysreg r = register_of(s);
	const char *name = sysreg_info[r].name;

	if (r == SR_NONE)
		return s->has_eret ? "ERET within vEL2" : "other";
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
