/* What is the stage 2 that L0 keeps for an L1?  Reads: stage2.h.  Next: host/shadow/trees.c, the other stage 2. */
#include "host/vm/stage2.h"

#include <stddef.h>

#include "host/core/features.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/core/smmu.h"
#include "host/machine/sysreg.h"
#include "host/vm/tlb.h"
#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

/* A walk from level 1 in one page: 39 bits, enough for 511 GiB of RAM above the devices. */
#define FIRST_LEVEL 1
#define LAST_LEVEL 3
#define MAX_IPA_BITS 39
#define BITS_PER_LEVEL 9
#define SL0_LEVEL_1 1
#define ATTRIBUTE_WB 1 /* IRGN0, ORGN0: write-back, read- and write-allocate */
#define SHARE_INNER 3

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1) /* a table above level 3, a page at level 3 */
#define DESC_ADDRESS BITS(47, 12)
#define S2_MEMATTR BITS(5, 2)
#define S2_S2AP BITS(7, 6)
#define S2_SH BITS(9, 8)
#define S2_AF BIT(10)
#define S2_XN BIT(54)
#define MEMATTR_NORMAL_WB 0xf
#define MEMATTR_DEVICE_NGNRE 1
#define S2AP_READ_WRITE 3

#define RAM_ATTRIBUTES                                                                    \
	(field_put(S2_MEMATTR, MEMATTR_NORMAL_WB) | field_put(S2_S2AP, S2AP_READ_WRITE) | \
	 field_put(S2_SH, SHARE_INNER) | S2_AF | DESC_VALID)

#define DEVICE_ATTRIBUTES                                                                                    \
	(field_put(S2_MEMATTR, MEMATTR_DEVICE_NGNRE) | field_put(S2_S2AP, S2AP_READ_WRITE) | S2_AF | S2_XN | \
	 DESC_VALID)

unsigned stage2_ipa_bits(void)
{
	unsigned pa_bits = cpu_features()->pa_bits;

	return pa_bits < MAX_IPA_BITS ? pa_bits : MAX_IPA_BITS;
}

/* ID_AA64MMFR0_EL1.PARange and VTCR_EL2.PS count alike; 48 bits is the most that the tables below can say. */
static uint64_t output_size(void)
{
	unsigned code = 0;

	while (code < PA_RANGE_48 && pa_range_bits(code + 1) <= cpu_features()->pa_bits)
		code++;
	return code;
}

uint64_t stage2_vtcr(void)
{
	return VTCR_RES1 | field_put(VTCR_T0SZ, 64 - stage2_ipa_bits()) | field_put(VTCR_SL0, SL0_LEVEL_1) |
	       field_put(VTCR_IRGN0, ATTRIBUTE_WB) | field_put(VTCR_ORGN0, ATTRIBUTE_WB) |
	       field_put(VTCR_SH0, SHARE_INNER) | field_put(VTCR_PS, output_size()) |
	       (cpu_features()->vmid_bits == 16 ? VTCR_VS : 0);
}

bool stage2_reaches(uint64_t end)
{
	return end <= BIT(stage2_ipa_bits());
}

bool stage2_create(pa_t *root)
{
	*root = page_alloc();
	return root->val;
}

static uint64_t span_of(unsigned level)
{
	return PAGE_SIZE << (BITS_PER_LEVEL * (LAST_LEVEL - level));
}

/* The largest block that fits at this place: 1 GiB, 2 MiB or a page. */
static unsigned level_for(uint64_t ipa, uint64_t pa, uint64_t size)
{
	unsigned level = FIRST_LEVEL;

	while (level < LAST_LEVEL && (((ipa | pa) & (span_of(level) - 1)) || size < span_of(level)))
		level++;
	return level;
}

/* The entry for ipa at level, with the tables above it. NULL when out of memory. */
static uint64_t *entry_at(pa_t table, uint64_t ipa, unsigned level)
{
	for (unsigned at = FIRST_LEVEL;; at++) {
		uint64_t *entry = (uint64_t *)pa_to_va(table) + ipa / span_of(at) % (1U << BITS_PER_LEVEL);

		if (at == level)
			return entry;
		if (!*entry) {
			pa_t page = page_alloc();

			if (!page.val)
				return NULL;
			*entry = page.val | DESC_TABLE | DESC_VALID;
		}
		table.val = *entry & DESC_ADDRESS;
	}
}

static bool map(pa_t root, l1_ipa_t ipa, pa_t pa, uint64_t size, uint64_t attributes)
{
	while (size) {
		unsigned level = level_for(ipa.val, pa.val, size);
		uint64_t *entry = entry_at(root, ipa.val, level);

		if (!entry)
			return false;
		*entry = pa.val | attributes | (level == LAST_LEVEL ? DESC_TABLE : 0);
		ipa.val += span_of(level);
		pa.val += span_of(level);
		size -= span_of(level);
	}
	return true;
}

bool stage2_map(pa_t root, l1_ipa_t ipa, pa_t pa, uint64_t size)
{
	return map(root, ipa, pa, size, RAM_ATTRIBUTES);
}

bool stage2_map_device(pa_t root, pa_t pa, uint64_t size)
{
	return map(root, (l1_ipa_t){ pa.val }, pa, size, DEVICE_ATTRIBUTES);
}

#define ENTRIES (1U << BITS_PER_LEVEL)

static bool is_table(uint64_t entry, unsigned level)
{
	return (entry & DESC_VALID) && (entry & DESC_TABLE) && level < LAST_LEVEL;
}

static uint64_t *table_at(uint64_t entry)
{
	return pa_to_va((pa_t){ entry & DESC_ADDRESS });
}

static void set_entry(uint64_t *entry, uint64_t value)
{
	__atomic_store_n(entry, value, __ATOMIC_RELEASE);
}

/* The leaf that maps ipa, or NULL, and its level. */
static uint64_t *leaf_at(const struct stage2 *s, uint64_t ipa, unsigned *level)
{
	uint64_t *table = pa_to_va(s->root);

	for (*level = FIRST_LEVEL;; ++*level) {
		uint64_t *entry = &table[ipa / span_of(*level) % ENTRIES];

		if (!(*entry & DESC_VALID))
			return NULL;
		if (!is_table(*entry, *level))
			return entry;
		table = table_at(*entry);
	}
}

/* --- for devices that access memory --- */

#define GIB_ENTRY 0 /* of the root: the first 1 GiB */
#define PAGE_ATTRIBUTES (DEVICE_ATTRIBUTES | DESC_TABLE)

bool stage2_window(pa_t root, l1_ipa_t ipa, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += span_of(LAST_LEVEL - 1))
		if (!entry_at(root, ipa.val + at, LAST_LEVEL))
			return false;
	return true;
}

/* Tables of the window hang from the devices' root too. */
static bool share_window(const struct stage2 *s, uint64_t ipa, uint64_t size)
{
	for (uint64_t at = ipa; at < ipa + size; at += span_of(LAST_LEVEL - 1)) {
		const uint64_t *from = entry_at(s->root, at, LAST_LEVEL - 1);
		uint64_t *to = entry_at(s->device_root, at, LAST_LEVEL - 1);

		if (!from || !to)
			return false;
		*to = *from;
	}
	return true;
}

bool stage2_for_devices(struct stage2 *s, l1_ipa_t window, uint64_t size)
{
	const uint64_t *from = pa_to_va(s->root);
	uint64_t *to;

	if (!stage2_create(&s->device_root))
		return false;
	to = pa_to_va(s->device_root);
	for (unsigned i = GIB_ENTRY + 1; i < 1U << BITS_PER_LEVEL; i++)
		to[i] = from[i];
	return share_window(s, window.val, size);
}

bool stage2_doorbell(const struct stage2 *s, l1_ipa_t doorbell, pa_t pa)
{
	return map(s->device_root, doorbell, pa, PAGE_SIZE, DEVICE_ATTRIBUTES);
}

void stage2_open(const struct stage2 *s, l1_ipa_t ipa, pa_t pa, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += PAGE_SIZE) {
		uint64_t *entry = entry_at(s->root, ipa.val + at, LAST_LEVEL);

		if (entry && !*entry)
			__atomic_store_n(entry, (pa.val + at) | PAGE_ATTRIBUTES, __ATOMIC_RELEASE);
	}
	dsb_ishst();
}

bool stage2_is_open(const struct stage2 *s, l1_ipa_t ipa, pa_t *pa)
{
	unsigned level;
	const uint64_t *entry =
		s->device_root.val && !(ipa.val / span_of(FIRST_LEVEL)) ? leaf_at(s, ipa.val, &level) : NULL;
	uint64_t value = entry ? __atomic_load_n(entry, __ATOMIC_ACQUIRE) : 0;

	if (!value || level != LAST_LEVEL)
		return false;
	pa->val = value & DESC_ADDRESS;
	return true;
}

/* First CPUs, then the SMMU: no access that began before is under way when this comes back (IHI0070, "TLB invalidation"). */
void stage2_close(const struct stage2 *s, l1_ipa_t ipa, pa_t pa, uint64_t size)
{
	bool any = false;

	for (uint64_t at = 0; at < size; at += PAGE_SIZE) {
		uint64_t *entry = entry_at(s->root, ipa.val + at, LAST_LEVEL);

		if (!entry || *entry != ((pa.val + at) | PAGE_ATTRIBUTES))
			continue;
		__atomic_store_n(entry, 0, __ATOMIC_RELEASE);
		any = true;
	}
	if (!any)
		return;
	if (size == PAGE_SIZE)
		stage2_flush(s, ipa);
	else
		stage2_flush_all(s);
	smmu_unmap(s->device_vmid);
}

/* --- for page logs --- */

static void change(const struct stage2 *s, l1_ipa_t ipa, uint64_t size, uint64_t clear, uint64_t set)
{
	uint64_t at = ipa.val, end = ipa.val + size;

	while (at < end) {
		unsigned level;
		uint64_t *leaf = leaf_at(s, at, &level), span = span_of(level);

		if (leaf)
			set_entry(leaf, (*leaf & ~clear) | set);
		at = (at & ~(span - 1)) + span;
	}
}

void stage2_forbid(const struct stage2 *s, l1_ipa_t ipa, uint64_t size, uint64_t what)
{
	change(s, ipa, size, what, 0);
}

void stage2_allow_all(const struct stage2 *s, l1_ipa_t ipa, uint64_t size, uint64_t what)
{
	change(s, ipa, size, 0, what);
}

void stage2_flush(const struct stage2 *s, l1_ipa_t ipa)
{
	for (unsigned i = 0; i < 2; i++) {
		uint64_t before = tlbi_enter_vmid(s->vttbr[i]);

		tlbi_ipas2e1is(ipa.val >> PAGE_SHIFT);
		dsb_ish();
		tlbi_vmalle1is();
		tlbi_leave_vmid(before);
	}
}

void stage2_flush_all(const struct stage2 *s)
{
	for (unsigned i = 0; i < 2; i++) {
		uint64_t before = tlbi_enter_vmid(s->vttbr[i]);

		tlbi_vmalls12e1is();
		tlbi_leave_vmid(before);
	}
}

/* Break-before-make: who comes between faults, and finds the lock of the log. */
static void replace(const struct stage2 *s, uint64_t *entry, l1_ipa_t ipa, uint64_t value)
{
	set_entry(entry, 0);
	stage2_flush(s, ipa);
	set_entry(entry, value);
	dsb_ishst();
}

/* A block becomes a table of what it said. False when out of memory. */
static bool split(const struct stage2 *s, uint64_t *entry, l1_ipa_t ipa, unsigned level)
{
	uint64_t leaf = *entry | (level + 1 == LAST_LEVEL ? DESC_TABLE : 0), *table;
	pa_t page = page_alloc();

	if (!page.val)
		return false;
	table = pa_to_va(page);
	for (unsigned i = 0; i < ENTRIES; i++)
		table[i] = leaf + i * span_of(level + 1);
	replace(s, entry, ipa, page.val | DESC_TABLE | DESC_VALID);
	return true;
}

uint64_t stage2_allow(const struct stage2 *s, l1_ipa_t ipa, uint64_t what)
{
	unsigned level;
	uint64_t *leaf = leaf_at(s, ipa.val, &level);

	if (!leaf || (*leaf & what) == what)
		return leaf ? span_of(level) : PAGE_SIZE;
	while (level < LAST_LEVEL && split(s, leaf, ipa, level))
		leaf = leaf_at(s, ipa.val, &level);
	set_entry(leaf, *leaf | what);
	stage2_flush(s, ipa);
	return span_of(level);
}

/* Does a table map what one block could? */
static bool is_one_block(const uint64_t *table, unsigned level)
{
	if (!(table[0] & DESC_VALID) || is_table(table[0], level) ||
	    (table[0] & DESC_ADDRESS & (span_of(level - 1) - 1)))
		return false;
	for (unsigned i = 1; i < ENTRIES; i++)
		if (table[i] != table[0] + i * span_of(level))
			return false;
	return true;
}

/* The tables below a table that is at level, and whose first address is base. */
static void merge_below(const struct stage2 *s, uint64_t *table, unsigned level, uint64_t base)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		l1_ipa_t ipa = { base + i * span_of(level) };
		uint64_t *below;

		if (!is_table(table[i], level))
			continue;
		below = table_at(table[i]);
		merge_below(s, below, level + 1, ipa.val);
		if (!is_one_block(below, level + 1))
			continue;
		replace(s, &table[i], ipa, below[0] & ~DESC_TABLE);
		page_free(va_to_pa(below));
	}
}

void stage2_merge(const struct stage2 *s)
{
	merge_below(s, pa_to_va(s->root), FIRST_LEVEL, 0);
}
