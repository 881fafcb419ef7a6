/* What do a syndrome and a list register say in words?  Reads: words.h; the fields are those of the Arm ARM. */
#include "experiments/firn/trace/words.h"

#include <stdarg.h>
#include <stdio.h>

#include "nv/arch/fields.h"
#include "nv/arch/intid.h"
#include "nv/arch/sysreg.h"

#define ZERO_REGISTER 31

/* EC 0x18. The register's name is that of the encoding in the ISS. */
static void sysreg_words(char *words, size_t size, uint64_t esr)
{
	enum sysreg r = sysreg_from_iss((uint32_t)(esr & ESR_ISS));
	unsigned rt = (unsigned)field_get(ESR_SYS64_RT, esr);
	const char *name = r == SR_NONE ? "a register that firn does not list" : sysreg_info[r].name;
	char x[8];

	if (rt == ZERO_REGISTER)
		snprintf(x, sizeof(x), "XZR");
	else
		snprintf(x, sizeof(x), "X%u", rt);
	if (r != SR_NONE && sysreg_info[r].access >= SYS_TLBI)
		snprintf(words, size, "Trapped system instruction (EC 0x18): %s with %s", name, x);
	else if (esr & ESR_SYS64_READ)
		snprintf(words, size, "Trapped MRS (EC 0x18): %s is to be read into %s", name, x);
	else
		snprintf(words, size, "Trapped MSR (EC 0x18): %s is to be written from %s", name, x);
}

/* The fault status code without its level. */
static const char *fault_kind(uint64_t esr)
{
	switch (esr & FSC_TYPE) {
	case 0x00:
		return "an address size fault";
	case 0x04:
		return "a translation fault";
	case 0x08:
		return "an access flag fault";
	case 0x0c:
		return "a permission fault";
	default:
		return "an abort";
	}
}

/*
 * EC 0x20 and 0x24. HPFAR_EL2 has the page of the IPA, FAR_EL2 the offset in it. Only a data abort has ISV, and with
 * it the register and the size.
 */
static void abort_words(char *words, size_t size, const struct step *s, const char *what)
{
	uint64_t esr = s->exit.esr_el2;
	uint64_t ipa = field_get(HPFAR_FIPA, s->exit.hpfar_el2) << 12 | (s->exit.far_el2 & 0xfff);
	char access[64] = "";

	if ((esr & ESR_ISV) && what[0] == 'D')
		snprintf(access, sizeof(access), ", %u byte%s %s X%u", 1u << field_get(ESR_SAS, esr),
			 field_get(ESR_SAS, esr) ? "s" : "", esr & ESR_WNR ? "from" : "into",
			 (unsigned)field_get(ESR_SRT, esr));
	snprintf(words, size,
		 "%s abort from a lower level (EC 0x%02x): %s at level %u of stage 2, a %s of IPA 0x%llx%s%s",
		 what, s->exit.esr_ec, fault_kind(esr), (unsigned)(esr & 3), esr & ESR_WNR ? "write" : "read",
		 (unsigned long long)ipa, esr & ESR_S1PTW ? " by a walk of stage 1" : "", access);
}

/* By the exception class, which is the architecture's; what firn makes of it comes in step_words. */
static void sync_words(char *words, size_t size, const struct step *s)
{
	uint64_t esr = s->exit.esr_el2;

	switch (s->exit.esr_ec) {
	case EC_WFX:
		snprintf(words, size, "Trapped %s (EC 0x01)", esr & ESR_WFX_TI ? "WFE" : "WFI");
		return;
	case EC_FP:
		snprintf(words, size, "Trapped access to the FP and SIMD registers (EC 0x07)");
		return;
	case EC_SVC64:
		snprintf(words, size, "SVC #%u (EC 0x15)", (unsigned)(esr & ESR_IMM16));
		return;
	case EC_HVC64:
		snprintf(words, size,
			 s->exit.is_mark ? "HVC #0x%x (EC 0x16): the marker of firn's workloads" :
					   "HVC #0x%x (EC 0x16)",
			 (unsigned)(esr & ESR_IMM16));
		return;
	case EC_SMC64:
		snprintf(words, size, "Trapped SMC #%u (EC 0x17): a call to the firmware, which L0 is for L1",
			 (unsigned)(esr & ESR_IMM16));
		return;
	case EC_SYS64:
		sysreg_words(words, size, esr);
		return;
	case EC_ERET:
		snprintf(words, size, "Trapped ERET (EC 0x1a): with SPSR_EL2 0x%llx to ELR_EL2 0x%llx",
			 (unsigned long long)s->eret.spsr_el2, (unsigned long long)s->eret.elr_el2);
		return;
	case EC_IABT_LOW:
		abort_words(words, size, s, "Instruction");
		return;
	case EC_DABT_LOW:
		abort_words(words, size, s, "Data");
		return;
	default:
		snprintf(words, size, "Exception class 0x%02x", s->exit.esr_ec);
		return;
	}
}

/* The ranges of the GIC architecture: SGIs up to 15, PPIs up to 31, LPIs from 8192 on. */
static const char *intid_kind(uint32_t intid)
{
	if (intid >= INTID_FIRST_LPI)
		return "an LPI, a message to the ITS";
	return intid < 16 ? "an SGI, from another CPU" : intid < 32 ? "a PPI, of this CPU" : "an SPI";
}

/* exit.ret is KVM's number for the kind of exception: IRQ, SError, trap, and firn's own for FIQ. */
void syndrome_words(char *words, size_t size, const struct step *s)
{
	switch (s->exit.ret) {
	case 0:
		if (s->has_interrupt)
			snprintf(
				words, size,
				"A physical interrupt, INTID %u (%s), taken to EL2 because HCR_EL2.IMO is set",
				s->interrupt.intid, intid_kind(s->interrupt.intid));
		else
			snprintf(words, size,
				 "A physical interrupt, taken to EL2 because HCR_EL2.IMO is set");
		return;
	case 1:
		snprintf(words, size, "An SError, taken to EL2 because HCR_EL2.AMO is set");
		return;
	case 2:
		sync_words(words, size, s);
		return;
	default:
		snprintf(words, size, "A physical FIQ, taken to EL2 because HCR_EL2.FMO is set");
		return;
	}
}

/* --- what L0 did about it --- */

/* used counts what would have been written, so that what does not fit is cut off and nothing more. */
struct notes {
	char *words;
	size_t size, used;
};

static void __attribute__((format(printf, 2, 3))) note(struct notes *n, const char *format, ...)
{
	va_list args;

	if (n->used >= n->size)
		return;
	va_start(args, format);
	n->used += (size_t)vsnprintf(n->words + n->used, n->size - n->used, format, args);
	va_end(args);
}

/* Nothing of one that is empty. */
static void list_register_note(struct notes *n, unsigned number, uint64_t lr)
{
	static const char *const states[] = { "invalid", "pending", "active", "pending and active" };

	if (!(lr & ICH_LR_STATE))
		return;
	note(n, " LR%u: virtual INTID %u, %s, group %u", number, (unsigned)field_get(ICH_LR_VINTID, lr),
	     states[field_get(ICH_LR_STATE, lr)], (unsigned)field_get(ICH_LR_GROUP, lr));
	if (lr & ICH_LR_HW)
		note(n, ", linked to INTID %u, which its end deactivates",
		     (unsigned)field_get(ICH_LR_PINTID, lr));
	else if (lr & ICH_LR_EOI)
		note(n, ", whose end is a maintenance interrupt");
	note(n, ".");
}

/* What L0's walk of L1's stage 2 found. */
static void fault_note(struct notes *n, const struct trace_firn_shadow_fault *fault)
{
	static const char *const results[] = {
		"L1's stage 2 has the page, so the shadow entry is filled, with L1's IPA",
		"L1's stage 2 does not let it through: a fault of L1's, which gets it",
		"L1's stage 2 leads to a device of L1's that L0 emulates, at L1's IPA",
	};

	if (fault->result >= sizeof(results) / sizeof(results[0]))
		return;
	note(n, "L2's IPA 0x%llx: %s", (unsigned long long)fault->l2_ipa, results[fault->result]);
	if (fault->result != 1)
		note(n, " 0x%llx", (unsigned long long)fault->l1_ipa);
	note(n, ". ");
}

/* Of an ERET; the entry that a fault adds is told with what was found. */
static void map_note(struct notes *n, const struct trace_firn_shadow_map *map)
{
	note(n,
	     "L1 goes back to what it was refused, and has L2's IPA 0x%llx now: the shadow entry is filled, with L1's IPA 0x%llx. ",
	     (unsigned long long)map->l2_ipa, (unsigned long long)map->l1_ipa);
}

static void message_note(struct notes *n, const struct trace_firn_message *m)
{
	note(n, "It is event %u of PCI function %02x.%x of VM %u", m->event, m->function >> 3,
	     m->function & 7, m->vm);
	if (m->intid)
		note(n, ", which L1's ITS makes LPI %u of L1's GIC. ", m->intid);
	else
		note(n, ", for which L1's ITS has no LPI. ");
}

/* Sentences, in the order in which L0 does these things; "" if there is nothing to say. */
void step_words(char *words, size_t size, const struct step *s)
{
	struct notes n = { .words = words, .size = size };

	words[0] = '\0';
	if (s->has_fault)
		fault_note(&n, &s->fault);
	else if (s->has_map)
		map_note(&n, &s->map);
	if (s->has_mmio)
		note(&n, "L0 emulates the device: a %s of 0x%llx at IPA 0x%llx. ",
		     s->mmio.type == 2 ? "write" : "read", (unsigned long long)s->mmio.val,
		     (unsigned long long)s->mmio.gpa);
	if (s->has_message)
		message_note(&n, &s->message);
	if (s->has_line)
		note(&n, "INTID %u of L1's GIC goes %s. ", s->line.irq, s->line.level ? "high" : "low");
	if (s->has_lrs) {
		note(&n, "List registers of %s:", s->lrs.is_own ? "vEL2" : "the guest");
		list_register_note(&n, 0, s->lrs.lr0);
		list_register_note(&n, 1, s->lrs.lr1);
		list_register_note(&n, 2, s->lrs.lr2);
		list_register_note(&n, 3, s->lrs.lr3);
		note(&n, " ");
	}
	if (s->has_entry && !step_stays(s))
		note(&n, "The CPU goes on with VM %u's vCPU %u. ", s->to_vm, s->to_vcpu);
	if (n.used && n.used < size)
		words[n.used - 1] = '\0';
}
