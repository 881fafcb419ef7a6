/*
 * What does the architecture say of two stage-2 translations in a row?  Slow and without any trick: each function here is the
 * pseudocode function of the Arm manual whose name it has, and nothing is shared with shadow-s2/.  Next: reference.c.
 *
 * Where the manual lets a PE choose, the choice is: what is not allowed in VTCR_EL2 faults, but a reserved TG0 means 4 KiB and a
 * reserved PS 52 bits; the contiguous bit, a hint, is not taken; a descriptor is not updated for an access that faults.
 */
#ifndef TESTS_UNIT_SHADOW_S2_REFERENCE_H
#define TESTS_UNIT_SHADOW_S2_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

struct ref_cpu {
	int pa_max;
	bool have_16k, have_64k; /* of stage 2 */
	bool have_lpa2_4k, have_lpa2_16k;
	bool have_ttst, have_xnx, have_haf, have_hdbs;
};

struct ref_regs {
	uint64_t vttbr, vtcr;
	bool ptw, fwb; /* of HCR_EL2 */
};

/* Memory that holds tables; false: External abort. */
struct ref_memory {
	void *context;
	bool (*read)(void *context, uint64_t address, uint64_t *value);
	void (*write)(void *context, uint64_t address, uint64_t value);
};

struct ref_access {
	bool write, fetch, el0;
	bool ttw; /* of a descriptor of stage 1; write: to update it */
};

enum ref_fault {
	REF_NONE,
	REF_TRANSLATION,
	REF_ADDRESS_SIZE,
	REF_ACCESS_FLAG,
	REF_PERMISSION,
	REF_EXTERNAL
};

enum ref_cacheability {
	REF_NC,
	REF_WT,
	REF_WB
};
enum ref_shareability {
	REF_NSH,
	REF_ISH,
	REF_OSH
};
enum ref_device {
	REF_nGnRnE,
	REF_nGnRE,
	REF_nGRE,
	REF_GRE
};

/* MemoryAttributes. A stage 2 has no hints. */
struct ref_hints {
	enum ref_cacheability attrs;
	unsigned hints; /* RA, WA */
	bool transient;
};

struct ref_attributes {
	bool is_device;
	enum ref_device device;
	struct ref_hints inner, outer;
	enum ref_shareability sh;
};

struct ref_translation {
	enum ref_fault fault;
	int level; /* of the fault, or of the leaf */
	uint64_t address;
	unsigned size; /* log2 of the bytes that the leaf maps */
	bool r, w, px, ux;
	bool fwb;
	unsigned memattr, sh; /* what they mean depends on stage 1: ref_after_s2 */
};

/* AArch64.S2Translate. */
struct ref_translation ref_s2_translate(const struct ref_cpu *cpu, const struct ref_regs *regs,
					const struct ref_memory *memory, uint64_t ipa,
					struct ref_access access);

/* ESR_ELx.{D,I}FSC of a fault: EncodeLDFSC. */
uint32_t ref_encode_fsc(enum ref_fault fault, int level);

struct ref_attributes ref_s2_decode_memattrs(unsigned attr, unsigned sh);
struct ref_attributes ref_s1_decode_memattrs(unsigned attr, unsigned sh);
struct ref_attributes ref_s2_combine_s1_memattrs(struct ref_attributes s1, struct ref_attributes s2);

/* AArch64.S2ApplyFWBMemAttrs */
struct ref_attributes ref_s2_apply_fwb_memattrs(struct ref_attributes s1, unsigned attr, unsigned sh);

/* What one translation leaves of the attributes of those before it. */
struct ref_attributes ref_after_s2(struct ref_attributes before, const struct ref_translation *t);

bool ref_same_memattrs(struct ref_attributes a, struct ref_attributes b);

/* EncodePARAttrs and PAR_EL1.SH. */
unsigned ref_encode_par_attrs(struct ref_attributes a);
unsigned ref_encode_par_sh(struct ref_attributes a);

/* Stages one after the other; stage is where the fault is: 1 or 0, the hypervisor whose tables do not allow it. */
struct ref_nested {
	struct ref_translation both; /* memory attributes: of l1, then of l0 */
	int stage;
	struct ref_translation l1, l0; /* l0 only if l1 does not fault */
};

struct ref_nested ref_walk_then_walk(const struct ref_cpu cpu[2], const struct ref_regs regs[2],
				     const struct ref_memory memory[2], uint64_t l2_ipa,
				     struct ref_access access);

#endif
