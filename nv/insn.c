/*
 * Which access does a load or store make?  A table of encoding classes, in the order of section C4.1.94 of DDI 0487.  Reads: insn.h.
 *
 * Where the manual leaves a choice (K1.1), it is QEMU's: with write-back and Rn = Rt the register ends as the address, and a store
 * stores what was in it; of a pair of loads to one register the second counts. Bits that should be 1 are not looked at.
 */
#include "nv/insn.h"

#include <stddef.h>

#include "nv/arch/fields.h"

#define INSN_RT BITS(4, 0)
#define INSN_RN BITS(9, 5)
#define INSN_RT2 BITS(14, 10)
#define INSN_RM BITS(20, 16) /* Rs too */
#define INSN_SIZE BITS(31, 30)
#define INSN_V BIT(26)
#define INSN_OPC BITS(23, 22)
#define INSN_L BIT(22)
#define INSN_IMM9 BITS(20, 12)
#define INSN_S BIT(12)

#define OPTION_LSL 3
#define DOUBLEWORD 3
#define QUADWORD 4

static unsigned bits(uint32_t w, uint64_t field)
{
	return (unsigned)field_get(field, w);
}

static int64_t signed_bits(uint32_t w, uint64_t field)
{
	int64_t value = (int64_t)field_get(field, w), sign = (int64_t)((field / (field & -field) + 1) / 2);

	return (value ^ sign) - sign;
}

static enum nv_insn_kind load_or_store(bool load)
{
	return load ? NV_INSN_LOAD : NV_INSN_STORE;
}

/* --- one register: size, opc and V --- */

static void vector_register(uint32_t w, struct nv_insn *i)
{
	i->vector = true;
	i->size_log2 = (uint8_t)(bits(w, INSN_SIZE) | (bits(w, INSN_OPC) & 2) << 1);
	i->kind = i->size_log2 > QUADWORD ? NV_INSN_NONE : load_or_store(bits(w, INSN_OPC) & 1);
}

/* opc: a store, a load, and loads that extend the sign to 64 and to 32 bits. In place of LDRS of 64 bits: PRFM, which never faults. */
static void one_register(uint32_t w, struct nv_insn *i)
{
	unsigned opc = bits(w, INSN_OPC), size = bits(w, INSN_SIZE);

	i->elements = 1;
	if (w & INSN_V) {
		vector_register(w, i);
		return;
	}
	i->size_log2 = (uint8_t)size;
	i->to_x = size == DOUBLEWORD || opc == 2;
	i->is_signed = opc >= 2;
	i->kind = size + opc >= 5 ? NV_INSN_NONE : load_or_store(opc);
}

static void offset_imm9(uint32_t w, struct nv_insn *i)
{
	i->offset = signed_bits(w, INSN_IMM9);
}

static void unsigned_offset(uint32_t w, struct nv_insn *i)
{
	one_register(w, i);
	i->offset = (int64_t)(uint64_t)bits(w, BITS(21, 10)) << i->size_log2;
}

/* LDUR and the like, post-index, LDTR and the like, pre-index. */
static void offset_9_bits(uint32_t w, struct nv_insn *i)
{
	unsigned form = bits(w, BITS(11, 10));

	one_register(w, i);
	offset_imm9(w, i);
	i->post_index = form == 1;
	i->write_back = form & 1;
	i->unprivileged = form == 2;
	if (i->unprivileged && i->vector)
		i->kind = NV_INSN_NONE;
}

/* LDAPUR, STLUR and the like. */
static void ordered_unscaled(uint32_t w, struct nv_insn *i)
{
	one_register(w, i);
	offset_imm9(w, i);
}

static void register_offset(uint32_t w, struct nv_insn *i)
{
	one_register(w, i);
	i->indexed = true;
	i->option = (uint8_t)bits(w, BITS(15, 13));
	i->shift = w & INSN_S ? i->size_log2 : 0;
	if (!(i->option & 2))
		i->kind = NV_INSN_NONE;
}

static void literal(uint32_t w, struct nv_insn *i)
{
	unsigned opc = bits(w, INSN_SIZE);

	i->elements = 1;
	i->base = NV_BASE_PC;
	i->offset = signed_bits(w, BITS(23, 5)) * 4;
	i->vector = w & INSN_V;
	i->is_signed = !i->vector && opc == 2;
	i->to_x = opc;
	i->size_log2 = (uint8_t)(i->is_signed ? 2 : 2 + opc);
	i->kind = opc == 3 ? NV_INSN_NONE : NV_INSN_LOAD; /* that would be PRFM */
}

/* LDRAA and LDRAB: S and imm9 are the offset, W asks for the write-back. */
static void authenticated(uint32_t w, struct nv_insn *i)
{
	one_register(w & ~(uint32_t)INSN_OPC, i);
	i->kind = i->size_log2 != DOUBLEWORD || i->vector ? NV_INSN_NONE : NV_INSN_LOAD;
	i->base = NV_BASE_SIGNED;
	i->offset = ((int64_t)(uint64_t)bits(w, INSN_IMM9) - (w & INSN_L ? 512 : 0)) * 8;
	i->write_back = w & BIT(11);
}

/* --- two registers --- */

/* What opc names with V = 0: pairs of W, LDPSW (without the no-allocate form; its store is MTE's STGP), of X, LDTP and the like. */
static void pair_of_x(uint32_t w, struct nv_insn *i)
{
	unsigned opc = bits(w, INSN_SIZE);

	i->size_log2 = opc == 2 ? DOUBLEWORD : 2;
	i->is_signed = opc == 1;
	i->to_x = opc;
	if (opc == 3 || (opc == 1 && !(w & INSN_L)))
		i->kind = NV_INSN_LEFT_OUT;
	else if (opc == 1 && !bits(w, BITS(24, 23)))
		i->kind = NV_INSN_NONE;
}

static void pair_of_v(uint32_t w, struct nv_insn *i)
{
	unsigned opc = bits(w, INSN_SIZE);

	i->vector = true;
	i->size_log2 = (uint8_t)(2 + opc);
	if (opc == 3)
		i->kind = NV_INSN_LEFT_OUT;
}

/* Bits 24 and 23: no-allocate, post-index, offset, pre-index. */
static void pair(uint32_t w, struct nv_insn *i)
{
	unsigned form = bits(w, BITS(24, 23));

	i->kind = load_or_store(w & INSN_L);
	i->elements = 2;
	if (w & INSN_V)
		pair_of_v(w, i);
	else
		pair_of_x(w, i);
	i->offset = signed_bits(w, BITS(21, 15)) * (1 << i->size_log2);
	i->post_index = form == 1;
	i->write_back = form & 1;
}

/* CASP: pairs of W or X that begin at even registers; bit 30 says which. */
static void compare_pair(uint32_t w, struct nv_insn *i)
{
	i->kind = bits(w, INSN_RT2) != NV_INSN_ZR || (i->rs | i->rt) & 1 ? NV_INSN_NONE : NV_INSN_COMPARE;
	i->size_log2 = (uint8_t)(2 + bits(w, BIT(30)));
	i->elements = 2;
	i->rt2 = i->rt + 1;
}

/* Exclusives, load-acquire and store-release, CAS: bits 23 and 21 say which, and INSN_L a load, or for CAS that it acquires. */
static void ordered(uint32_t w, struct nv_insn *i)
{
	bool pair = w & BIT(21), load = w & INSN_L, exclusive = !(w & BIT(23));

	i->size_log2 = (uint8_t)bits(w, INSN_SIZE);
	i->elements = 1;
	if (!exclusive)
		i->kind = pair ? bits(w, INSN_RT2) == NV_INSN_ZR ? NV_INSN_COMPARE : NV_INSN_NONE :
				 load_or_store(load);
	else if (pair && i->size_log2 < 2)
		compare_pair(w, i);
	else
		i->kind = load ? NV_INSN_LOAD : NV_INSN_EXCLUSIVE;
	if (exclusive && pair)
		i->elements = 2;
	i->to_x = i->size_log2 == DOUBLEWORD;
}

/* LD<op>, SWP and LDAPR; others with o3 = 1 are LS64's, LSE128's and THE's. */
static void atomic(uint32_t w, struct nv_insn *i)
{
	unsigned op = bits(w, BITS(15, 12));

	i->size_log2 = (uint8_t)bits(w, INSN_SIZE);
	i->elements = 1;
	i->to_x = i->size_log2 == DOUBLEWORD;
	i->op = op <= NV_INSN_SWP ? (enum nv_insn_op)op : NV_INSN_ADD;
	if (w & INSN_V)
		i->kind = NV_INSN_LEFT_OUT;
	else if (op <= NV_INSN_SWP)
		i->kind = NV_INSN_ATOMIC;
	else
		i->kind = op == 12 && bits(w, BITS(23, 22)) == 2 ? NV_INSN_LOAD : NV_INSN_LEFT_OUT;
}

/* --- structures of SIMD --- */

/* Bit 23: post-index by Xm, or by what was transferred when that is XZR. */
static void structure_address(uint32_t w, struct nv_insn *i)
{
	i->post_index = i->write_back = w & BIT(23);
	i->indexed = i->write_back && i->rm != NV_INSN_ZR;
	i->option = OPTION_LSL;
	if (i->write_back && !i->indexed)
		i->offset = (int64_t)nv_insn_bytes(i);
}

/* opcode: LD4, LD1 of four, LD3, LD1 of three, LD1 of one, LD2, LD1 of two. */
static void multiple_structures(uint32_t w, struct nv_insn *i)
{
	static const struct {
		uint8_t regs, step;
	} of[16] = { [0] = { 4, 4 }, [2] = { 4, 1 }, [4] = { 3, 3 }, [6] = { 3, 1 },
		     [7] = { 1, 1 }, [8] = { 2, 2 }, [10] = { 2, 1 } };
	unsigned opcode = bits(w, BITS(15, 12)), bytes = w & BIT(30) ? 16 : 8;

	i->vector = true;
	i->regs = of[opcode].regs;
	i->step = of[opcode].step;
	i->size_log2 = (uint8_t)bits(w, BITS(11, 10));
	i->elements = (uint8_t)(i->regs * (bytes >> i->size_log2));
	i->kind = load_or_store(w & INSN_L);
	if (!i->regs || (i->step > 1 && i->elements == i->regs && bytes == 8))
		i->kind = NV_INSN_NONE;
	structure_address(w, i);
}

/* Q, S and size are the number of the lane, as far as the size leaves room; opcode<2:1> is the size. */
static void single_lane(uint32_t w, struct nv_insn *i)
{
	unsigned scale = bits(w, BITS(15, 14)), size = bits(w, BITS(11, 10));
	unsigned index = bits(w, BIT(30)) << 3 | bits(w, BITS(12, 10));

	if (scale == 2 && (size & 1))
		scale = DOUBLEWORD;
	i->one_lane = true;
	i->size_log2 = (uint8_t)scale;
	i->lane = (uint8_t)(index >> scale);
	if ((scale == 1 && (size & 1)) || (scale == 2 && (size & 2)) ||
	    (scale == DOUBLEWORD && (index & 6) != 0))
		i->kind = NV_INSN_NONE;
}

/* bit 21 and opcode<0>: how many registers. opcode<2:1> = 3: LD1R and the like. */
static void single_structure(uint32_t w, struct nv_insn *i)
{
	i->vector = true;
	i->regs = i->step = i->elements = (uint8_t)(1 + bits(w, BIT(21)) + 2 * bits(w, BIT(13)));
	i->kind = load_or_store(w & INSN_L);
	if (bits(w, BITS(15, 14)) != 3) {
		single_lane(w, i);
	} else {
		i->size_log2 = (uint8_t)bits(w, BITS(11, 10));
		i->replicate = w & BIT(30) ? 16 : 8;
		if (!(w & INSN_L) || (w & INSN_S))
			i->kind = NV_INSN_NONE;
	}
	structure_address(w, i);
}

/* --- system instructions --- */

static void zero_by_va(uint32_t w, struct nv_insn *i)
{
	i->kind = NV_INSN_ZERO;
	i->base = NV_BASE_ZR;
	i->rn = i->rt;
	i->rt = NV_INSN_ZR;
	i->size_log2 = DOUBLEWORD;
	(void)w;
}

/* --- all of them --- */

static const struct {
	uint32_t mask, value;
	void (*decode)(uint32_t w, struct nv_insn *i); /* with Rt, Rt2, Rs, Rm and Rn set; NULL: left out */
} classes[] = {
	{ 0xbfbf0000, 0x0c000000, multiple_structures },
	{ 0xbfa00000, 0x0c800000, multiple_structures },
	{ 0xbf9f0000, 0x0d000000, single_structure },
	{ 0xbf800000, 0x0d800000, single_structure },
	{ 0x3f000000, 0x08000000, ordered },
	{ 0x3f200c00, 0x19000000, ordered_unscaled },
	{ 0x3b000000, 0x18000000, literal },
	{ 0x3a000000, 0x28000000, pair },
	{ 0x3b200000, 0x38000000, offset_9_bits },
	{ 0x3b200c00, 0x38200000, atomic },
	{ 0x3b200c00, 0x38200800, register_offset },
	{ 0x3b200400, 0x38200400, authenticated },
	{ 0x3b000000, 0x39000000, unsigned_offset },
	{ 0xffffffe0, 0xd50b7420, zero_by_va },
	{ 0xffffff80, 0xd50b7400, NULL }, /* DC GVA, DC GZVA */
	{ 0x0a000000, 0x08000000, NULL }, /* the rest of loads and stores */
	{ 0x9e000000, 0x84000000, NULL }, /* SVE */
	{ 0x9e000000, 0x80000000, NULL }, /* SME */
};

struct nv_insn nv_insn_decode(uint32_t w)
{
	struct nv_insn i = {
		.rt = (uint8_t)bits(w, INSN_RT),
		.rt2 = (uint8_t)bits(w, INSN_RT2),
		.rs = (uint8_t)bits(w, INSN_RM),
		.rm = (uint8_t)bits(w, INSN_RM),
		.rn = (uint8_t)bits(w, INSN_RN),
	};

	for (unsigned n = 0; n < sizeof(classes) / sizeof(classes[0]); n++) {
		if ((w & classes[n].mask) != classes[n].value)
			continue;
		if (classes[n].decode)
			classes[n].decode(w, &i);
		else
			i.kind = NV_INSN_LEFT_OUT;
		break;
	}
	return i;
}

/* --- what follows from it --- */

uint64_t nv_insn_offset(const struct nv_insn *i, uint64_t xm)
{
	if (!i->indexed)
		return (uint64_t)i->offset;
	if (!(i->option & 1)) /* UXTW, SXTW */
		xm = nv_insn_extend(xm, 2, i->option & 4, true);
	return xm << i->shift;
}

unsigned nv_insn_registers(const struct nv_insn *i)
{
	return i->regs ? i->regs : i->elements;
}

unsigned nv_insn_register(const struct nv_insn *i, unsigned n)
{
	if (i->regs)
		return (i->rt + n) % 32;
	return n ? i->rt2 : i->rt;
}

struct nv_insn_element nv_insn_element(const struct nv_insn *i, unsigned n)
{
	unsigned lanes;

	if (!i->regs)
		return (struct nv_insn_element){ (uint8_t)n, 0 };
	lanes = i->elements / i->regs;
	return (struct nv_insn_element){
		(uint8_t)(n / (lanes * i->step) + n % i->step),
		(uint8_t)((i->lane + n / i->step % lanes) << i->size_log2),
	};
}

unsigned nv_insn_bytes(const struct nv_insn *i)
{
	return (unsigned)i->elements << i->size_log2;
}

bool nv_insn_writes(const struct nv_insn *i)
{
	return i->kind > NV_INSN_LOAD;
}

uint64_t nv_insn_extend(uint64_t value, unsigned size_log2, bool is_signed, bool to_x)
{
	unsigned unused = 64 - (8U << size_log2);

	value <<= unused;
	value = is_signed ? (uint64_t)((int64_t)value >> unused) : value >> unused;
	return to_x ? value : value & 0xffffffff;
}

uint64_t nv_insn_combine(enum nv_insn_op op, unsigned size_log2, uint64_t old, uint64_t xs)
{
	bool is_signed = op == NV_INSN_SMAX || op == NV_INSN_SMIN;
	uint64_t a = nv_insn_extend(old, size_log2, is_signed, true),
		 b = nv_insn_extend(xs, size_log2, is_signed, true);
	bool less = is_signed ? (int64_t)a < (int64_t)b : a < b;

	switch (op) {
	case NV_INSN_ADD:
		a += b;
		break;
	case NV_INSN_CLR:
		a &= ~b;
		break;
	case NV_INSN_EOR:
		a ^= b;
		break;
	case NV_INSN_SET:
		a |= b;
		break;
	case NV_INSN_SMAX:
	case NV_INSN_UMAX:
		a = less ? b : a;
		break;
	case NV_INSN_SMIN:
	case NV_INSN_UMIN:
		a = less ? a : b;
		break;
	case NV_INSN_SWP:
		a = b;
		break;
	}
	return nv_insn_extend(a, size_log2, false, true);
}
