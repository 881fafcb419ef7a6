/* What does the architecture say of two stage-2 translations in a row?  Reads: reference.h. */
#include "tests/unit/shadow-s2/reference.h"

#define FINAL_LEVEL 3

enum ref_granule {
	TG4KB,
	TG16KB,
	TG64KB
};
enum ref_descriptor {
	INVALID,
	TABLE,
	LEAF
};

/* S2TTWParams: of VTCR_EL2 and the CPU. */
struct ref_params {
	const struct ref_cpu *cpu;
	enum ref_granule tgx;
	int txsz, sl0, sl2, ps, sh;
	bool ds, ha, hd, ptw, fwb;
};

/* x<msb:lsb> */
static uint64_t bits(uint64_t x, int msb, int lsb)
{
	uint64_t value = 0;

	for (int i = msb; i >= lsb; i--)
		value = value * 2 + ((x >> i) & 1);
	return value;
}

static uint64_t pow2(int n)
{
	return UINT64_C(1) << n;
}

static uint64_t align(uint64_t x, uint64_t size)
{
	return size * (x / size);
}

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

static int granule_bits(enum ref_granule tgx)
{
	return tgx == TG4KB ? 12 : tgx == TG16KB ? 14 : 16;
}

/* AArch64.S2DecodeTG0 */
static enum ref_granule s2_decode_tg0(const struct ref_cpu *cpu, uint64_t tg0)
{
	if (tg0 == 1 && cpu->have_64k)
		return TG64KB;
	if (tg0 == 2 && cpu->have_16k)
		return TG16KB;
	return TG4KB;
}

/* AArch64.NSS2TTWParams */
static struct ref_params get_s2_ttw_params(const struct ref_cpu *cpu, const struct ref_regs *regs)
{
	struct ref_params p = { .cpu = cpu };
	uint64_t vtcr = regs->vtcr;

	p.tgx = s2_decode_tg0(cpu, bits(vtcr, 15, 14));
	p.txsz = (int)bits(vtcr, 5, 0);
	p.sl0 = (int)bits(vtcr, 7, 6);
	p.ps = smaller((int)bits(vtcr, 18, 16), 6);
	p.sh = (int)bits(vtcr, 13, 12);
	p.ptw = regs->ptw;
	p.fwb = regs->fwb;
	if ((p.tgx == TG4KB && cpu->have_lpa2_4k) || (p.tgx == TG16KB && cpu->have_lpa2_16k))
		p.ds = bits(vtcr, 32, 32) == 1;
	if (p.tgx == TG4KB && p.ds)
		p.sl2 = (int)bits(vtcr, 33, 33);
	p.ha = cpu->have_haf && bits(vtcr, 21, 21) == 1;
	p.hd = cpu->have_hdbs && bits(vtcr, 22, 22) == 1;
	return p;
}

/* AArch64.S2MinTxSZ, EL1 in AArch64 */
static int s2_min_txsz(const struct ref_params *p)
{
	int ips = p->cpu->pa_max;

	if (p->cpu->pa_max == 52)
		ips = p->tgx == TG64KB || p->ds ? 52 : 48;
	return 64 - ips;
}

/* AArch64.MaxTxSZ */
static int max_txsz(const struct ref_params *p)
{
	if (p->cpu->have_ttst)
		return p->tgx == TG64KB ? 47 : 48;
	return 39;
}

/* AArch64.S2TxSZFaults */
static bool s2_txsz_faults(const struct ref_params *p)
{
	return p->txsz < s2_min_txsz(p) || p->txsz > max_txsz(p);
}

/* AArch64.S2StartLevel */
static int s2_start_level(const struct ref_params *p)
{
	switch (p->tgx) {
	case TG4KB:
		if (p->sl2 == 1)
			return -1;
		return p->sl0 == 0 ? 2 : p->sl0 == 1 ? 1 : p->sl0 == 2 ? 0 : 3;
	case TG16KB:
		return p->sl0 == 0 ? 3 : p->sl0 == 1 ? 2 : p->sl0 == 2 ? 1 : 0;
	default:
		return p->sl0 == 0 ? 3 : p->sl0 == 1 ? 2 : 1;
	}
}

/* AArch64.S2InvalidSL */
static bool s2_invalid_sl(const struct ref_params *p)
{
	int pa_max = p->cpu->pa_max;

	switch (p->tgx) {
	case TG4KB:
		if (p->sl2 == 1)
			return p->sl0 != 0 || pa_max < 52;
		return (p->sl0 == 2 && pa_max < 44) || (p->sl0 == 3 && !p->cpu->have_ttst);
	case TG16KB:
		return (p->sl0 == 3 && (!p->ds || pa_max < 52)) || (p->sl0 == 2 && pa_max < 42);
	default:
		return p->sl0 == 3 || (p->sl0 == 2 && pa_max < 44);
	}
}

/* AArch64.S2InconsistentSL */
static bool s2_inconsistent_sl(const struct ref_params *p)
{
	int levels = FINAL_LEVEL - s2_start_level(p);
	int granulebits = granule_bits(p->tgx);
	int stride = granulebits - 3;
	int sl_min_iasize = levels * stride + granulebits + 1;
	int sl_max_iasize = sl_min_iasize + (stride - 1) + 4;
	int iasize = 64 - p->txsz;

	return iasize < sl_min_iasize || iasize > sl_max_iasize;
}

/* AArch64.IPAIsOutOfRange */
static bool ipa_is_out_of_range(const struct ref_params *p, uint64_t ipa)
{
	int iasize = 64 - p->txsz;

	return iasize < 56 && bits(ipa, 55, iasize) != 0;
}

/* AArch64.PhysicalAddressSize */
static int physical_address_size(const struct ref_params *p)
{
	static const int size[] = { 32, 36, 40, 42, 44, 48, 52 };
	int max_ps = smaller(p->tgx == TG64KB || p->ds ? 52 : 48, p->cpu->pa_max);

	return smaller(size[p->ps], max_ps);
}

/* AArch64.OAOutOfRange */
static bool oa_out_of_range(const struct ref_params *p, uint64_t address)
{
	return bits(address, 55, physical_address_size(p)) != 0;
}

/* AArch64.S2TTBaseAddress */
static uint64_t s2_tt_base_address(const struct ref_params *p, uint64_t ttbr)
{
	int iasize = 64 - p->txsz;
	int granulebits = granule_bits(p->tgx);
	int stride = granulebits - 3;
	int levels = FINAL_LEVEL - s2_start_level(p);
	int tsize = (iasize - (levels * stride + granulebits)) + 3;
	uint64_t tablebase;

	if (p->ds || (p->tgx == TG64KB && p->ps == 6 && p->cpu->pa_max >= 52)) {
		tsize = tsize < 6 ? 6 : tsize;
		tablebase = bits(ttbr, 5, 2) * pow2(48) + bits(ttbr, 47, 6) * pow2(6);
	} else {
		tablebase = bits(ttbr, 47, 1) * 2;
	}
	return align(tablebase, pow2(tsize));
}

/* AArch64.S2SLTTEntryAddress: may index into concatenated tables. */
static uint64_t s2_sltt_entry_address(const struct ref_params *p, uint64_t ipa, uint64_t tablebase)
{
	int granulebits = granule_bits(p->tgx);
	int lsb = (FINAL_LEVEL - s2_start_level(p)) * (granulebits - 3) + granulebits;
	int msb = (64 - p->txsz) - 1;

	return tablebase + bits(ipa, msb, lsb) * 8;
}

/* AArch64.TTEntryAddress */
static uint64_t tt_entry_address(const struct ref_params *p, int level, uint64_t ipa, uint64_t tablebase)
{
	int granulebits = granule_bits(p->tgx);
	int stride = granulebits - 3;
	int lsb = (FINAL_LEVEL - level) * stride + granulebits;

	return tablebase + bits(ipa, lsb + stride - 1, lsb) * 8;
}

/* AArch64.BlockDescSupported */
static bool block_desc_supported(const struct ref_params *p, int level)
{
	switch (p->tgx) {
	case TG4KB:
		return (level == 0 && p->ds) || level == 1 || level == 2;
	case TG16KB:
		return (level == 1 && p->ds) || level == 2;
	default:
		return (level == 1 && p->cpu->pa_max >= 52) || level == 2;
	}
}

/* AArch64.DecodeDescriptorType */
static enum ref_descriptor decode_descriptor_type(const struct ref_params *p, uint64_t descriptor, int level)
{
	if (bits(descriptor, 0, 0) == 0)
		return INVALID;
	if (bits(descriptor, 1, 1) == 1)
		return level == FINAL_LEVEL ? LEAF : TABLE;
	return block_desc_supported(p, level) ? LEAF : INVALID;
}

/* Address bits 51:48 of a descriptor. */
static uint64_t high_bits(const struct ref_params *p, uint64_t descriptor)
{
	if (p->tgx == TG64KB && p->cpu->pa_max >= 52)
		return bits(descriptor, 15, 12) * pow2(48);
	if (p->ds)
		return (bits(descriptor, 9, 8) * 4 + bits(descriptor, 49, 48)) * pow2(48);
	return 0;
}

/* AArch64.NextTableBase */
static uint64_t next_table_base(const struct ref_params *p, uint64_t descriptor)
{
	return align(bits(descriptor, 47, 0), pow2(granule_bits(p->tgx))) + high_bits(p, descriptor);
}

static int leaf_size(const struct ref_params *p, int level)
{
	int granulebits = granule_bits(p->tgx);

	return granulebits + (granulebits - 3) * (FINAL_LEVEL - level);
}

/* AArch64.LeafBase: where the leaf is larger than 2^48 bytes, no bit below it is an address bit. */
static uint64_t leaf_base(const struct ref_params *p, uint64_t descriptor, int level)
{
	return align(bits(descriptor, 47, 0), pow2(leaf_size(p, level))) + high_bits(p, descriptor);
}

/* StageOA */
static uint64_t stage_oa(const struct ref_params *p, uint64_t ipa, uint64_t base, int level)
{
	return base + bits(ipa, leaf_size(p, level) - 1, 0);
}

/* --- memory attributes --- */

/* DecodeDevice */
static enum ref_device decode_device(unsigned code)
{
	return code == 0 ? REF_nGnRnE : code == 1 ? REF_nGnRE : code == 2 ? REF_nGRE : REF_GRE;
}

/* DecodeShareability; the reserved value behaves as outer shareable. */
static enum ref_shareability decode_shareability(unsigned sh)
{
	return sh == 0 ? REF_NSH : sh == 3 ? REF_ISH : REF_OSH;
}

/* S2DecodeCacheability */
static struct ref_hints s2_decode_cacheability(unsigned attr)
{
	return (struct ref_hints){ .attrs = attr == 2 ? REF_WT : attr == 3 ? REF_WB : REF_NC };
}

/* S2DecodeMemAttrs, without FEAT_MTE_PERM */
struct ref_attributes ref_s2_decode_memattrs(unsigned attr, unsigned sh)
{
	struct ref_attributes a = { .sh = decode_shareability(sh) };

	if (attr / 4 == 0) {
		a.is_device = true;
		a.device = decode_device(attr % 4);
	} else {
		a.outer = s2_decode_cacheability(attr / 4);
		a.inner = s2_decode_cacheability(attr % 4);
	}
	return a;
}

/* DecodeLDFAttr */
static struct ref_hints decode_ldf_attr(unsigned attr)
{
	struct ref_hints h = { REF_NC, 0, false };

	if (attr == 4)
		return h;
	h.attrs = attr / 4 == 0 || attr / 4 == 2 ? REF_WT : REF_WB;
	h.hints = attr % 4;
	h.transient = h.hints != 0 && attr < 8;
	return h;
}

/* S1DecodeMemAttrs, without FEAT_XS and FEAT_MTE */
struct ref_attributes ref_s1_decode_memattrs(unsigned attr, unsigned sh)
{
	struct ref_attributes a = { .sh = decode_shareability(sh) };

	if (attr / 16 == 0) {
		a.is_device = true;
		a.device = decode_device((attr / 4) % 4);
	} else {
		a.outer = decode_ldf_attr(attr / 16);
		a.inner = decode_ldf_attr(attr % 16);
	}
	return a;
}

/* EffectiveShareability */
static enum ref_shareability effective_shareability(struct ref_attributes a)
{
	if (a.is_device || (a.inner.attrs == REF_NC && a.outer.attrs == REF_NC))
		return REF_OSH;
	return a.sh;
}

/* S2CombineS1Device: the first of the list that either is */
static enum ref_device s2_combine_s1_device(enum ref_device s1, enum ref_device s2)
{
	if (s1 == REF_nGnRnE || s2 == REF_nGnRnE)
		return REF_nGnRnE;
	if (s1 == REF_nGnRE || s2 == REF_nGnRE)
		return REF_nGnRE;
	if (s1 == REF_nGRE || s2 == REF_nGRE)
		return REF_nGRE;
	return REF_GRE;
}

/* S2CombineS1AttrHints */
static struct ref_hints s2_combine_s1_attr_hints(struct ref_hints s1, struct ref_hints s2)
{
	struct ref_hints both = { REF_WB, 0, false };

	if (s1.attrs == REF_NC || s2.attrs == REF_NC)
		both.attrs = REF_NC;
	else if (s1.attrs == REF_WT || s2.attrs == REF_WT)
		both.attrs = REF_WT;
	if (both.attrs != REF_NC) {
		both.hints = s1.hints;
		both.transient = s1.transient;
	}
	return both;
}

/* S2CombineS1Shareability */
static enum ref_shareability s2_combine_s1_shareability(enum ref_shareability s1, enum ref_shareability s2)
{
	if (s1 == REF_OSH || s2 == REF_OSH)
		return REF_OSH;
	if (s1 == REF_ISH || s2 == REF_ISH)
		return REF_ISH;
	return REF_NSH;
}

/* S2CombineS1MemAttrs */
struct ref_attributes ref_s2_combine_s1_memattrs(struct ref_attributes s1, struct ref_attributes s2)
{
	struct ref_attributes both = { 0 };

	if (s1.is_device && s2.is_device) {
		both.is_device = true;
		both.device = s2_combine_s1_device(s1.device, s2.device);
	} else if (s1.is_device) {
		both = s1;
	} else if (s2.is_device) {
		both = s2;
	} else {
		both.inner = s2_combine_s1_attr_hints(s1.inner, s2.inner);
		both.outer = s2_combine_s1_attr_hints(s1.outer, s2.outer);
	}
	both.sh = s2_combine_s1_shareability(s1.sh, s2.sh);
	both.sh = effective_shareability(both);
	return both;
}

struct ref_attributes ref_s2_apply_fwb_memattrs(struct ref_attributes s1, unsigned attr, unsigned sh)
{
	const struct ref_hints nc = { REF_NC, 0, false }, wb = { REF_WB, 3, false };
	struct ref_attributes a = s1;

	if ((attr / 4) % 2 == 0) {
		a.device = s1.is_device ? s2_combine_s1_device(s1.device, decode_device(attr % 4)) :
					  decode_device(attr % 4);
		a.is_device = true;
	} else if (attr % 4 == 2) {
		a.is_device = false;
		a.inner = s1.is_device || s1.inner.attrs == REF_NC ? wb : s1.inner;
		a.outer = s1.is_device || s1.outer.attrs == REF_NC ? wb : s1.outer;
		a.inner.attrs = a.outer.attrs = REF_WB;
	} else if (attr % 4 != 3 && !s1.is_device) {
		a.inner = a.outer = nc;
	}
	a.sh = s2_combine_s1_shareability(s1.sh, decode_shareability(sh));
	a.sh = effective_shareability(a);
	return a;
}

struct ref_attributes ref_after_s2(struct ref_attributes before, const struct ref_translation *t)
{
	if (t->fwb)
		return ref_s2_apply_fwb_memattrs(before, t->memattr, t->sh);
	return ref_s2_combine_s1_memattrs(before, ref_s2_decode_memattrs(t->memattr, t->sh));
}

bool ref_same_memattrs(struct ref_attributes a, struct ref_attributes b)
{
	if (a.is_device != b.is_device || effective_shareability(a) != effective_shareability(b))
		return false;
	if (a.is_device)
		return a.device == b.device;
	return a.inner.attrs == b.inner.attrs && a.inner.hints == b.inner.hints &&
	       a.inner.transient == b.inner.transient && a.outer.attrs == b.outer.attrs &&
	       a.outer.hints == b.outer.hints && a.outer.transient == b.outer.transient;
}

/* One half of EncodePARAttrs */
static unsigned encode_par_half(struct ref_hints h)
{
	if (h.attrs == REF_NC)
		return 4;
	if (h.attrs == REF_WT)
		return (h.transient ? 0 : 8) + h.hints;
	return (h.transient ? 4 : 12) + h.hints;
}

unsigned ref_encode_par_attrs(struct ref_attributes a)
{
	if (a.is_device)
		return (unsigned)a.device * 4;
	return encode_par_half(a.outer) * 16 + encode_par_half(a.inner);
}

/* PAREncodeShareability */
unsigned ref_encode_par_sh(struct ref_attributes a)
{
	enum ref_shareability sh = effective_shareability(a);

	return sh == REF_NSH ? 0 : sh == REF_ISH ? 3 : 2;
}

/* --- the walk --- */

static struct ref_translation faulted(enum ref_fault fault, int level)
{
	return (struct ref_translation){ .fault = fault, .level = level };
}

/* AArch64.S2ApplyOutputPerms and AArch64.S2DirectBasePermissions */
static void apply_permissions(const struct ref_params *p, uint64_t descriptor, struct ref_translation *t)
{
	unsigned xn = (unsigned)bits(descriptor, 54, 54),
		 xnx = p->cpu->have_xnx ? (unsigned)bits(descriptor, 53, 53) : 0;

	t->r = bits(descriptor, 6, 6) == 1;
	t->w = bits(descriptor, 7, 7) == 1;
	t->px = (xn == 0 && xnx == 0) || (xn == 1 && xnx == 1);
	t->ux = (xn == 0 && xnx == 0) || (xn == 0 && xnx == 1);
}

/* AArch64.S2CheckPermissions. True: fault. With DBM and hardware's dirty state, S2AP[1] counts as set. */
static bool s2_has_permissions_fault(const struct ref_params *p, const struct ref_translation *t,
				     uint64_t descriptor, struct ref_access access)
{
	bool w = t->w || (p->ha && p->hd && bits(descriptor, 51, 51) == 1);

	if (access.ttw) {
		if (p->ptw && (p->fwb ? (t->memattr / 4) % 2 == 0 : t->memattr / 4 == 0)) /* Device */
			return true;
		return !t->r || (access.write && !w);
	}
	if (access.fetch)
		return access.el0 ? !t->ux : !t->px;
	return access.write ? !w : !t->r;
}

/* The rest of AArch64.S2Translate, once a leaf is found. */
static struct ref_translation translate_leaf(const struct ref_params *p, const struct ref_memory *memory,
					     uint64_t ipa, struct ref_access access, uint64_t descriptor,
					     uint64_t at, int level)
{
	struct ref_translation t = { .level = level, .size = (unsigned)leaf_size(p, level), .fwb = p->fwb };
	uint64_t new_desc = descriptor;

	t.address = stage_oa(p, ipa, leaf_base(p, descriptor, level), level);
	if (oa_out_of_range(p, t.address))
		return faulted(REF_ADDRESS_SIZE, level);
	if (bits(descriptor, 10, 10) == 0 && !p->ha)
		return faulted(REF_ACCESS_FLAG, level);
	t.memattr = (unsigned)bits(descriptor, 5, 2);
	t.sh = p->ds ? (unsigned)p->sh : (unsigned)bits(descriptor, 9, 8);
	apply_permissions(p, descriptor, &t);
	if (s2_has_permissions_fault(p, &t, descriptor, access))
		return faulted(REF_PERMISSION, level);
	if (p->ha && bits(descriptor, 10, 10) == 0)
		new_desc += pow2(10);
	if (p->ha && p->hd && bits(descriptor, 51, 51) == 1 && access.write && bits(descriptor, 7, 7) == 0)
		new_desc += pow2(7);
	if (new_desc != descriptor)
		memory->write(memory->context, at, new_desc);
	apply_permissions(p, new_desc, &t);
	return t;
}

/* AArch64.S2Walk */
static struct ref_translation s2_walk(const struct ref_params *p, const struct ref_memory *memory,
				      uint64_t ttbr, uint64_t ipa, struct ref_access access)
{
	int level = s2_start_level(p);
	uint64_t at = s2_sltt_entry_address(p, ipa, s2_tt_base_address(p, ttbr)), descriptor;

	if (oa_out_of_range(p, at))
		return faulted(REF_ADDRESS_SIZE, 0);
	for (;;) {
		if (!memory->read(memory->context, at, &descriptor))
			return faulted(REF_EXTERNAL, level);
		switch (decode_descriptor_type(p, descriptor, level)) {
		case INVALID:
			return faulted(REF_TRANSLATION, level);
		case LEAF:
			return translate_leaf(p, memory, ipa, access, descriptor, at, level);
		case TABLE:
			at = tt_entry_address(p, level + 1, ipa, next_table_base(p, descriptor));
			if (oa_out_of_range(p, at))
				return faulted(REF_ADDRESS_SIZE, level);
			level++;
			break;
		}
	}
}

struct ref_translation ref_s2_translate(const struct ref_cpu *cpu, const struct ref_regs *regs,
					const struct ref_memory *memory, uint64_t ipa,
					struct ref_access access)
{
	struct ref_params p = get_s2_ttw_params(cpu, regs);

	if (s2_txsz_faults(&p) || s2_invalid_sl(&p) || s2_inconsistent_sl(&p) || ipa_is_out_of_range(&p, ipa))
		return faulted(REF_TRANSLATION, 0);
	return s2_walk(&p, memory, regs->vttbr, ipa, access);
}

uint32_t ref_encode_fsc(enum ref_fault fault, int level)
{
	switch (fault) {
	case REF_ADDRESS_SIZE:
		return level == -1 ? 0x29 : 0x00 + (uint32_t)level;
	case REF_TRANSLATION:
		return level == -1 ? 0x2b : 0x04 + (uint32_t)level;
	case REF_ACCESS_FLAG:
		return 0x08 + (uint32_t)level;
	case REF_PERMISSION:
		return 0x0c + (uint32_t)level;
	default:
		return level == -1 ? 0x13 : 0x14 + (uint32_t)level;
	}
}

struct ref_nested ref_walk_then_walk(const struct ref_cpu cpu[2], const struct ref_regs regs[2],
				     const struct ref_memory memory[2], uint64_t l2_ipa,
				     struct ref_access access)
{
	struct ref_nested n = { .stage = 1 };

	n.both = n.l1 = ref_s2_translate(&cpu[1], &regs[1], &memory[1], l2_ipa, access);
	if (n.l1.fault != REF_NONE)
		return n;
	n.stage = 0;
	n.l0 = ref_s2_translate(&cpu[0], &regs[0], &memory[0], n.l1.address, access);
	n.both = n.l0;
	if (n.l0.fault != REF_NONE)
		return n;
	n.both.size = n.l1.size < n.l0.size ? n.l1.size : n.l0.size;
	n.both.r = n.l1.r && n.l0.r;
	n.both.w = n.l1.w && n.l0.w;
	n.both.px = n.l1.px && n.l0.px;
	n.both.ux = n.l1.ux && n.l0.ux;
	return n;
}
