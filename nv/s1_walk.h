/*
 * What would AT find in a stage 1 that hardware cannot be asked about?  A walker that never touches memory, in the shape of
 * shadow-s2/walk.h: it names the descriptor that it wants (s1_slot) and is fed it (s1_feed) until it has a PAR_EL1.
 * Next: s1_walk.c; host/run/at.c, which reads the memory.
 */
#ifndef NV_S1_WALK_H
#define NV_S1_WALK_H

#include <stdbool.h>
#include <stdint.h>

/* What the ID registers say of the CPU, as far as a stage 1 depends on it. */
struct s1_cpu {
	unsigned pa_bits; /* ID_AA64MMFR0_EL1.PARange */
	bool granule_4k, granule_16k, granule_64k;
	bool lpa2_4k, lpa2_16k; /* TCR.DS has an effect */
	bool large_va;		/* FEAT_LVA: 52 bits with the 64 KiB granule */
	bool small_tables;	/* FEAT_TTST */
	bool access_flag;	/* FEAT_HAFDBS: TCR.HA has an effect */
	bool dirty_state;	/* and TCR.HD too */
	bool hierarchy_off;	/* FEAT_HPDS */
	bool e0pd;		/* FEAT_E0PD */
	bool pan3;		/* FEAT_PAN3: SCTLR.EPAN has an effect */
};

/* The registers of a stage 1, in the format of EL1's. HCR_EL2.DC is taken for clear: with it there is no walk. */
struct s1_regime {
	uint64_t sctlr, tcr, ttbr0, ttbr1, mair;
	bool one_privilege; /* EL2 with E2H=0: there is no EL0 below it, AP[1] says nothing, and only TTBR0 counts */
};

struct s1_access {
	bool write;
	bool el0;
	bool pan; /* the forms that look at PSTATE.PAN, with PAN set */
};

struct s1_walk {
	const struct s1_cpu *cpu;
	const struct s1_regime *regime;
	uint64_t va;
	struct s1_access access;
	bool high;    /* TTBR1's half */
	bool ds, lpa; /* descriptors of 52 bits, of one kind and the other */
	unsigned granule_shift, ia_bits, oa_bits;
	int level;
	uint64_t table;
	unsigned top_shift;		    /* index bits at this level end below this bit */
	bool no_write, no_el0, no_el0_exec; /* what the tables on the way took away */
	uint64_t par;			    /* after S1_DONE: PAR_EL1 */
};

enum s1_step {
	S1_NEXT, /* read s1_slot and call s1_feed */
	S1_DONE, /* w->par */
};

/* 64 less TCR.T1SZ (high) or T0SZ, where a size out of bounds is the nearest that is in them, as CalculateBottomPACBit has it. */
unsigned s1_range_bits(const struct s1_cpu *cpu, const struct s1_regime *regime, bool high);

/* Begins AArch64.S1Translate of va for an AT instruction. cpu and regime must outlive w. */
enum s1_step s1_begin(struct s1_walk *w, const struct s1_cpu *cpu, const struct s1_regime *regime,
		      struct s1_access access, uint64_t va);

/* Address of the descriptor that the walk is at: an IPA of the regime's stage 2, or physical. A multiple of 8. */
uint64_t s1_slot(const struct s1_walk *w);

/* Goes on with the descriptor's value (in its logical byte order). Ends after at most five calls. */
enum s1_step s1_feed(struct s1_walk *w, uint64_t descriptor);

/* The descriptor cannot be read: stage 2 refuses it with fsc; or nothing is there. */
enum s1_step s1_stage2_fault(struct s1_walk *w, uint32_t fsc);
enum s1_step s1_unreadable(struct s1_walk *w);

#endif
