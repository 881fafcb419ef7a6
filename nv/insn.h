/*
 * Which access does a load or store make?  Where ESR_ELx does not say (ISV = 0), its instruction has to be read: here it is taken
 * apart. Next: insn.c, host/run/access.c.
 */
#ifndef NV_INSN_H
#define NV_INSN_H

#include <stdbool.h>
#include <stdint.h>

enum nv_insn_kind {
	NV_INSN_NONE, /* it does not access memory, or is not allocated: this is not what faulted */
	NV_INSN_LEFT_OUT, /* it may do so, but how is not known here: SVE, SME, MTE, LS64, LSE128, MOPS and later ones */
	NV_INSN_LOAD,
	NV_INSN_STORE,
	NV_INSN_EXCLUSIVE, /* a store, and Rs gets its status */
	NV_INSN_ATOMIC,	   /* Rt gets the old value, memory that and Rs combined by op */
	NV_INSN_COMPARE,   /* Rs gets the old value; if it was equal to Rs, memory gets Rt */
	NV_INSN_ZERO, /* DC ZVA: of the block that the address is in; size and number of elements are DCZID_EL0's */
};

/* As opc and o3 of the instruction name them. */
enum nv_insn_op {
	NV_INSN_ADD,
	NV_INSN_CLR,
	NV_INSN_EOR,
	NV_INSN_SET,
	NV_INSN_SMAX,
	NV_INSN_SMIN,
	NV_INSN_UMAX,
	NV_INSN_UMIN,
	NV_INSN_SWP,
};

enum nv_insn_base {
	NV_BASE_SP,    /* Xn or SP */
	NV_BASE_ZR,    /* Xn or XZR */
	NV_BASE_PC,    /* the address of the instruction */
	NV_BASE_SIGNED /* Xn or SP, with a pointer authentication code in it */
};

/* Of registers of this number: Rt, Rt2, Rs and Rm name 31 as XZR. */
#define NV_INSN_ZR 31

struct nv_insn {
	enum nv_insn_kind kind;
	enum nv_insn_op op;
	uint8_t rt, rt2, rs; /* what is transferred */
	bool vector;	     /* Rt and Rt2 are V registers; what a load does not write of them becomes 0 */
	bool is_signed;	     /* a load extends the sign, */
	bool to_x;	     /* and to 64 bits: else the upper half of Xt becomes 0 */
	bool unprivileged;   /* LDTR and the like */
	uint8_t size_log2;   /* of an element: what one register, or one lane, transfers */
	uint8_t elements;    /* one behind the other in memory */

	/* Structures of SIMD: registers from Rt on, modulo 32. */
	uint8_t regs;	   /* how many; 0: it is none of them */
	uint8_t step;	   /* so many elements one after the other are of different registers */
	uint8_t lane;	   /* of the first element; */
	bool one_lane;	   /* and a load leaves the others as they are */
	uint8_t replicate; /* a load fills so many bytes of the register with it; 0: it does not */

	/* The address is base + offset; base alone if post_index, and base becomes base + offset if write_back. */
	enum nv_insn_base base;
	uint8_t rn, rm;
	bool post_index, write_back;
	bool indexed;	/* the offset is Xm, extended as option says, shifted; else: */
	uint8_t option; /* as in the instruction: UXTW, LSL, SXTW, SXTX */
	uint8_t shift;
	int64_t offset;
};

/* Decodes a word of A64 as section C4.1 of DDI 0487 has it. What is CONSTRAINED UNPREDICTABLE is not told apart: insn.c says how it is. */
struct nv_insn nv_insn_decode(uint32_t word);

/* What is added to the base; xm is the value of Xm. */
uint64_t nv_insn_offset(const struct nv_insn *i, uint64_t xm);

/* How many registers does it load or store, and which: Rt, Rt2 or those behind Rt? */
unsigned nv_insn_registers(const struct nv_insn *i);
unsigned nv_insn_register(const struct nv_insn *i, unsigned n);

/* Which of those registers does element n belong to, and where in it, in bytes? */
struct nv_insn_element {
	uint8_t index, byte;
};
struct nv_insn_element nv_insn_element(const struct nv_insn *i, unsigned n);

/* Bytes that the instruction accesses, from its address on. Not for NV_INSN_ZERO. */
unsigned nv_insn_bytes(const struct nv_insn *i);

/* Does it write to memory? */
bool nv_insn_writes(const struct nv_insn *i);

/* What a load of 1 << size_log2 bytes leaves in Xt. */
uint64_t nv_insn_extend(uint64_t value, unsigned size_log2, bool is_signed, bool to_x);

/* What an atomic instruction writes in place of old; xs is the value of Xs, of which the low bytes count. */
uint64_t nv_insn_combine(enum nv_insn_op op, unsigned size_log2, uint64_t old, uint64_t xs);

#endif
