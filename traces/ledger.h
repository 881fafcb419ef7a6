/*
 * How many traps, from where, for which reason?  The layout of the counts that L0 keeps in memory and the host-side
 * firn reads from QEMU's shared memory backend.  All fields are little-endian and naturally aligned.
 *
 * Finding it: the L0 image starts with the 64-byte Linux arm64 image header; at offset LEDGER_ANCHOR_OFFSET behind it
 * stands a struct ledger_anchor, which says how far behind the image's start the struct ledger_header is. Its version is 0
 * until L0 has set it up.
 */
#ifndef TRACES_LEDGER_H
#define TRACES_LEDGER_H

#include <stdint.h>

#define LEDGER_ANCHOR_OFFSET 64
#define LEDGER_ANCHOR_MAGIC UINT64_C(0x3152484e4e524946) /* "FIRNNHR1" */
#define LEDGER_VERSION 4

struct ledger_anchor {
	uint64_t magic;
	uint64_t header_offset; /* bytes from the first byte of the image */
};

/* Where the trapped instruction ran. */
enum ledger_level {
	LEDGER_VEL2,   /* L1 at its virtual EL2 */
	LEDGER_L1_EL1, /* L1's own EL1 (the kernel of an nVHE L1; L1's stage 2 off) */
	LEDGER_L1_EL0, /* L1's own EL0 */
	LEDGER_L2_EL1, /* L1's guest */
	LEDGER_L2_EL0,
	LEDGER_L0, /* ticks only; an exception taken from L0 is a panic, never a count */
	LEDGER_LEVELS
};

/*
 * Reasons: 0..63 are exception classes (ESR_EL2.EC) of synchronous exceptions; then the ones below; then, from
 * LEDGER_SYSREG on, two for each register of nv/arch/sysreg_list.h: LEDGER_SYSREG + 2 * index + (1 for a write).
 */
enum ledger_reason {
	LEDGER_IRQ = 64,
	LEDGER_FIQ,
	LEDGER_SERROR,
	LEDGER_MARK, /* FIRN_HVC_MARK, where the VM allows it */
	LEDGER_WFI,  /* EC 0x01 split by ESR_EL2.ISS.TI */
	LEDGER_WFE,
	LEDGER_SYSREG
};

#define LEDGER_MAX_REASONS 1792

/* A trapped system register that the list does not name, by its ESR_EL2.ISS with Rt cleared. */
#define LEDGER_UNLISTED 16
struct ledger_unlisted {
	uint32_t iss;
	uint32_t level;
	uint64_t count;
};

/* What became of an abort of the shadow stage 2. */
enum ledger_s2_fault {
	LEDGER_S2_MAPPED,	  /* L1's stage 2 allows it: a leaf was made where none was */
	LEDGER_S2_REMAPPED,	  /* the same in place of another leaf, or of a table */
	LEDGER_S2_STALE,	  /* the leaf was there already: another CPU was faster, or a TLB late */
	LEDGER_S2_LOGGED,	  /* the leaf lacked what L0 watches for a page log */
	LEDGER_S2_RACED,	  /* L1 changed its descriptor meanwhile: tried again */
	LEDGER_S2_DEVICE,	  /* L1 maps it to what is not its RAM */
	LEDGER_S2_L1_TRANSLATION, /* L1's stage 2 refuses it, and gets the fault */
	LEDGER_S2_L1_ACCESS,
	LEDGER_S2_L1_PERMISSION,
	LEDGER_S2_L1_ADDRESS_SIZE,
	LEDGER_S2_L1_EXTERNAL, /* a table of L1's is not in its RAM */
	LEDGER_S2_FAULTS
};

/* What a TLBI of L1 for its guests named. */
enum ledger_s2_invalidation {
	LEDGER_S2_STAGE1, /* nothing of a stage 2 */
	LEDGER_S2_RANGE,  /* a range of L2 IPAs of a VMID */
	LEDGER_S2_VMID,	  /* all of a VMID */
	LEDGER_S2_ALL,	  /* all VMIDs */
	LEDGER_S2_NOTHING,
	LEDGER_S2_INVALIDATIONS
};

/* The shadow stage 2: counts of a vCPU's own doings, then what there was in its VM at the mark. */
struct ledger_s2 {
	uint64_t fault[LEDGER_S2_FAULTS];
	uint64_t ahead; /* leaves made when L1 let L2 make an access again, so that it did not fault */
	uint64_t invalidation[LEDGER_S2_INVALIDATIONS];
	uint64_t leaves_removed; /* by those invalidations */
	uint64_t evictions;	 /* tables given up because none was free */
	uint64_t trees_taken;	 /* times that a stage 2 of L1 got a tree which it did not have */
	uint64_t leaves[4];	 /* [1] of 1 GiB, [2] of 2 MiB, [3] of 4 KiB */
	uint64_t trees;		 /* in use */
	uint64_t table_bytes;	 /* of tables in use, and at most */
	uint64_t table_bytes_max;
};

struct ledger_counts {
	uint64_t entries;	       /* vector entries, incremented by the vectors themselves */
	uint64_t ticks[LEDGER_LEVELS]; /* CNTPCT_EL0 ticks spent at each level */
	uint64_t count[LEDGER_L0][LEDGER_MAX_REASONS];
	struct ledger_unlisted unlisted[LEDGER_UNLISTED];
	uint64_t unlisted_rest; /* unlisted registers that found no free place above */
	struct ledger_s2 s2;
};

#define LEDGER_MARKS 8

/*
 * A mark is one of the whole VM. The vCPU that makes it copies its counts at once, the marker itself already counted; each
 * other vCPU at the end of its first exit behind that. Until then it has fewer marks than the VM, and "now" is as it was when
 * the mark was made: what is missing in mark[] is to be read from there.
 */
struct ledger_vcpu {
	uint32_t vm;
	uint32_t vcpu;
	uint64_t marks; /* of the VM that this vCPU has seen; the first LEDGER_MARKS of them are kept */
	struct ledger_counts now;
	struct ledger_counts mark[LEDGER_MARKS];
};

#define LEDGER_MAX_VCPUS 64

struct ledger_header {
	uint32_t version;    /* LEDGER_VERSION, once the rest is valid */
	uint32_t vcpus;	     /* how many of vcpu_pa[] are valid */
	uint32_t vcpu_bytes; /* sizeof(struct ledger_vcpu) */
	uint32_t reasons;    /* LEDGER_SYSREG + 2 * number of listed registers */
	/* Instructions of L0 per entry that stand before its first or after its last read of the counter, so that their
	 * ticks are counted for the interrupted level. */
	uint32_t untimed;
	uint32_t pad;
	uint64_t counter_hz;		    /* CNTFRQ_EL0 */
	uint64_t vcpu_pa[LEDGER_MAX_VCPUS]; /* physical address of each struct ledger_vcpu */
};

#endif
