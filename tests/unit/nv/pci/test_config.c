/*
 * Is what L1 finds in the configuration space of its function what the PCI specifications say, and nothing that would let it reach
 * another one?  The functions here are written from the layouts of PCI 3.0 and PCI Express 5.0.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/pci/config.h"

void register_nv_pci_config(void);

#define MASKED 1

static uint32_t raw[PCI_CONFIG_WORDS];
static uint64_t size[PCI_BARS];
static struct vpci p;

static void set(unsigned offset, uint32_t value)
{
	raw[offset / 4] = value;
}

/* 32-bit BAR 0 of 1 MiB, 32-bit BAR 1 of 4 KiB, 64-bit BAR 4 of 16 KiB; I/O in BAR 2; capabilities at 0x40 and on. */
static void a_function(void)
{
	memset(raw, 0, sizeof(raw));
	memset(size, 0, sizeof(size));
	set(0x00, 0x10421af4);
	set(0x04, 0x00100007); /* on already */
	set(0x08, 0x01000001);
	set(0x0c, 0x00800010); /* several functions */
	set(0x18, 0x0000e001); /* I/O */
	set(0x20, 0x0000000c); /* 64 bits, prefetchable */
	set(0x24, 0xdeadbeef);
	set(0x2c, 0x11001af4);
	set(0x30, 0xfff00001); /* ROM */
	set(0x34, 0x00000040);
	set(0x3c, 0x0000010a);
	size[0] = 0x100000;
	size[1] = 0x1000;
	size[4] = 0x4000;
	set(0x40, 0x00004801); /* power management */
	set(0x48, 0x1014a409); /* a vendor's, of 20 bytes */
	set(0x4c, 0x11111111);
	set(0x58, 0x22222222);
	set(0xa4, 0xc004c011 | 0x00000000); /* MSI-X, 5 entries, on and masked */
	set(0xa8, 0x00000001);		    /* in BAR 1 at 0 */
	set(0xac, 0x00000801);
	set(0xc0, 0x00000010); /* PCI Express */
	set(0xc4, 0x10008fff); /* with FLR */
	set(0xc8, 0x0000ffff);
}

static const char *make(void)
{
	a_function();
	return vpci_init(&p, raw, size);
}

static uint32_t read32(unsigned offset)
{
	return vpci_read(&p, offset, 2);
}

static void header(void)
{
	CU_ASSERT_PTR_NULL(make());
	CU_ASSERT_EQUAL(read32(0x00), 0x10421af4);
	CU_ASSERT_EQUAL(read32(0x04), 0x00100000);
	CU_ASSERT_EQUAL(read32(0x08), 0x01000001);
	CU_ASSERT_EQUAL(read32(0x0c), 0);
	CU_ASSERT_EQUAL(read32(0x2c), 0x11001af4);
	CU_ASSERT_EQUAL(read32(0x30), 0);
	CU_ASSERT_EQUAL(read32(0x3c), 0); /* no INTx */
	CU_ASSERT_EQUAL(read32(0x18), 0); /* no I/O */
	CU_ASSERT_EQUAL(vpci_read(&p, 0x02, 1), 0x1042);
	CU_ASSERT_EQUAL(vpci_read(&p, 0x03, 0), 0x10);
	/* What PCI has no access for. */
	CU_ASSERT_EQUAL(vpci_read(&p, 0x01, 1), 0xffff);
	CU_ASSERT_EQUAL(vpci_read(&p, 0x02, 2), 0xffffffff);
	CU_ASSERT_EQUAL(vpci_read(&p, 0x00, 3), 0xffffffff);
	/* No extended capabilities. */
	CU_ASSERT_EQUAL(read32(0x100), 0);
	CU_ASSERT_EQUAL(read32(0xffc), 0);
}

static void capabilities(void)
{
	CU_ASSERT_PTR_NULL(make());
	/* Power management is left out of the list. */
	CU_ASSERT_EQUAL(read32(0x34), 0x48);
	CU_ASSERT_EQUAL(read32(0x40), 0);
	CU_ASSERT_EQUAL(read32(0x48), 0x1014a409);
	CU_ASSERT_EQUAL(read32(0x4c), 0x11111111);
	CU_ASSERT_EQUAL(read32(0x58), 0x22222222);
	CU_ASSERT_EQUAL(read32(0x5c), 0);
	CU_ASSERT_EQUAL(read32(0xa4), 0x0004c011);
	CU_ASSERT_EQUAL(read32(0xa8), 1);
	CU_ASSERT_EQUAL(read32(0xc0), 0x10);
	CU_ASSERT_EQUAL(read32(0xc4), 0x10008fff);
	CU_ASSERT(p.msix == 0xa4 && !p.msi && p.vectors == 5 && p.table_bar == 1);
	/* Nothing of them can be written but MSI-X's two bits: a vendor's window into BARs does not move. */
	for (unsigned offset = 0x40; offset < 0x100; offset += 4) {
		uint32_t before = read32(offset);

		(void)vpci_write(&p, offset, 2, ~before);
		CU_ASSERT_EQUAL(read32(offset) ^ before, offset == 0xa4 ? 0xc0000000 : 0);
	}
}

static void bars(void)
{
	uint64_t ipa;

	CU_ASSERT_PTR_NULL(make());
	CU_ASSERT_EQUAL(vpci_write(&p, 0x10, 2, ~0U), VPCI_DECODES);
	CU_ASSERT_EQUAL(read32(0x10), 0xfff00000);
	(void)vpci_write(&p, 0x20, 2, ~0U);
	(void)vpci_write(&p, 0x24, 2, ~0U);
	CU_ASSERT(read32(0x20) == 0xffffc00c && read32(0x24) == 0xffffffff);
	CU_ASSERT_EQUAL(vpci_write(&p, 0x18, 2, ~0U), 0);
	CU_ASSERT_EQUAL(read32(0x18), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, 0x30, 2, ~0U), 0);
	(void)vpci_write(&p, 0x10, 2, 0x10300000);
	(void)vpci_write(&p, 0x20, 2, 0x10004000);
	(void)vpci_write(&p, 0x24, 2, 0x12);
	CU_ASSERT_FALSE(vpci_bar_at(&p, 0, &ipa));
	CU_ASSERT_EQUAL(vpci_write(&p, 0x04, 0, 2) & VPCI_DECODES, VPCI_DECODES);
	CU_ASSERT(vpci_bar_at(&p, 0, &ipa) && ipa == 0x10300000);
	CU_ASSERT(vpci_bar_at(&p, 4, &ipa) && ipa == UINT64_C(0x1210004000));
	CU_ASSERT_FALSE(vpci_bar_at(&p, 2, &ipa));
	CU_ASSERT_FALSE(vpci_bar_at(&p, 5, &ipa));
	CU_ASSERT_EQUAL(vpci_write(&p, 0x04, 0, 2), 0); /* as it was */
	/* A BAR smaller than a page is a page. */
	a_function();
	size[0] = 0x80;
	CU_ASSERT_PTR_NULL(vpci_init(&p, raw, size));
	(void)vpci_write(&p, 0x10, 2, ~0U);
	CU_ASSERT_EQUAL(read32(0x10), 0xfffff000);
}

static void command(void)
{
	CU_ASSERT_PTR_NULL(make());
	CU_ASSERT_FALSE(vpci_is_master(&p));
	CU_ASSERT(vpci_write(&p, 0x04, 2, ~0U) & VPCI_MASTERS);
	CU_ASSERT_EQUAL(read32(0x04), 0x00100406);
	CU_ASSERT_TRUE(vpci_is_master(&p));
	vpci_reset(&p);
	CU_ASSERT_EQUAL(read32(0x04), 0x00100000);
}

static void table_entry(unsigned vector, uint64_t address, uint32_t data, uint32_t control)
{
	vpci_table_write(&p, vector * 16, 3, address);
	vpci_table_write(&p, vector * 16 + 8, 2, data);
	vpci_table_write(&p, vector * 16 + 12, 2, control);
}

static void msix(void)
{
	struct vpci_message m;

	CU_ASSERT_PTR_NULL(make());
	CU_ASSERT_EQUAL(vpci_table_read(&p, 12, 2), MASKED);
	table_entry(4, UINT64_C(0x1234567808090043), 77, ~0U);
	CU_ASSERT_EQUAL(vpci_table_read(&p, 64, 3), UINT64_C(0x1234567808090040));
	CU_ASSERT_EQUAL(vpci_table_read(&p, 68, 2), 0x12345678);
	CU_ASSERT_EQUAL(vpci_table_read(&p, 72, 3), UINT64_C(0x10000004d));
	/* Beyond the table, at a wrong alignment, of a wrong size. */
	vpci_table_write(&p, 80, 2, 1);
	vpci_table_write(&p, 62, 2, 1);
	vpci_table_write(&p, 64, 1, 1);
	CU_ASSERT_EQUAL(vpci_table_read(&p, 80, 2), 0);
	CU_ASSERT_EQUAL(vpci_table_read(&p, 76, 3), 0);
	CU_ASSERT_EQUAL(vpci_table_read(&p, 64, 0), 0);
	CU_ASSERT_EQUAL(vpci_table_read(&p, 64, 3), UINT64_C(0x1234567808090040));
	/* It is sent when all five say so. */
	for (unsigned what = 0; what < 16; what++) {
		(void)vpci_write(&p, 0x04, 2, what & 1 ? 4 : 0);
		(void)vpci_write(&p, 0xa4, 2, (what & 2 ? 0x80000000 : 0) | (what & 4 ? 0 : 0x40000000));
		vpci_table_write(&p, 76, 2, what & 8 ? 0 : MASKED);
		CU_ASSERT_EQUAL(vpci_message(&p, 4, &m), what == 15);
		/* Whatever holds it back now. */
		CU_ASSERT_TRUE(vpci_entry(&p, 4, &m));
		CU_ASSERT(m.address == UINT64_C(0x1234567808090040) && m.data == 77);
	}
	/* Which vector it was. */
	CU_ASSERT_EQUAL(vpci_table_write(&p, 16, 3, 0), 1);
	CU_ASSERT_EQUAL(vpci_table_write(&p, 76, 2, 0), 4);
	CU_ASSERT_EQUAL(vpci_table_write(&p, 77, 2, 0), VPCI_VECTORS);
	CU_ASSERT_EQUAL(vpci_table_write(&p, 80, 2, 0), VPCI_VECTORS);
	CU_ASSERT_FALSE(vpci_entry(&p, 5, &m));
	CU_ASSERT_FALSE(vpci_message(&p, 5, &m));
	CU_ASSERT_FALSE(vpci_message(&p, ~0U, &m));
	CU_ASSERT(vpci_is_table(&p, 1, 0, 4) && vpci_is_table(&p, 1, 79, 1) && !vpci_is_table(&p, 1, 80, 8));
	CU_ASSERT(!vpci_is_table(&p, 0, 0, 4) && vpci_is_table_page(&p, 1, 0xffc));
}

static void msi(void)
{
	struct vpci_message m;

	for (unsigned is_64 = 0; is_64 < 2; is_64++) {
		unsigned data = is_64 ? 0xb0 : 0xac;

		a_function();
		/* MSI, 32 messages, with masks: one message without is shown. */
		set(0xa4, 0x018b0005 | (is_64 ? 0 : 0x00000000) | 0x0000c000);
		if (!is_64)
			raw[0xa4 / 4] &= ~0x00800000U;
		set(0xa8, 0xfee00000);
		CU_ASSERT_PTR_NULL(vpci_init(&p, raw, size));
		CU_ASSERT_EQUAL(read32(0xa4), is_64 ? 0x0080c005 : 0x0000c005);
		CU_ASSERT(p.msi == 0xa4 && !p.msix && p.vectors == 1);
		CU_ASSERT_EQUAL(vpci_write(&p, 0xa8, 2, 0x08090043), VPCI_MESSAGES);
		if (is_64)
			(void)vpci_write(&p, 0xac, 2, 0x12);
		(void)vpci_write(&p, data, 2, 0xabcd1234);
		CU_ASSERT_FALSE(vpci_message(&p, 0, &m));
		(void)vpci_write(&p, 0xa4, 2, ~0U);
		CU_ASSERT_FALSE(vpci_message(&p, 0, &m));
		(void)vpci_write(&p, 0x04, 2, 4);
		CU_ASSERT_TRUE(vpci_message(&p, 0, &m));
		CU_ASSERT(m.address == (is_64 ? UINT64_C(0x1208090040) : 0x08090040) && m.data == 0x1234);
		CU_ASSERT_FALSE(vpci_message(&p, 1, &m));
		(void)vpci_write(&p, 0xa4, 2, 0);
		(void)vpci_write(&p, 0x04, 2, 0);
		CU_ASSERT_TRUE(vpci_entry(&p, 0, &m));
		CU_ASSERT(m.address == (is_64 ? UINT64_C(0x1208090040) : 0x08090040) && m.data == 0x1234);
		vpci_reset(&p);
		CU_ASSERT_TRUE(vpci_entry(&p, 0, &m));
		CU_ASSERT(m.address == 0 && m.data == 0);
	}
	/* With MSI-X beside it, MSI is not shown. */
	a_function();
	set(0x40, 0x00004805);
	CU_ASSERT_PTR_NULL(vpci_init(&p, raw, size));
	CU_ASSERT(!p.msi && p.msix && read32(0x40) == 0);
}

static bool refused(const char *why)
{
	const char *said = vpci_init(&p, raw, size);

	return said && strstr(said, why);
}

static void strange_functions(void)
{
	a_function();
	set(0x0c, 0x00010000);
	CU_ASSERT(refused("it is a bridge"));
	a_function();
	set(0xc0, 0x00004010); /* the list goes round */
	CU_ASSERT(refused("in each other") || refused("no end"));
	a_function();
	set(0xc0, 0x0000c005); /* a capability that is its own next */
	raw[0xa4 / 4] = 0x0000c001;
	CU_ASSERT(refused("in each other") || refused("no end"));
	a_function();
	set(0x48, 0x10ffa409); /* a vendor's that goes beyond the end: not shown */
	CU_ASSERT_PTR_NULL(vpci_init(&p, raw, size));
	CU_ASSERT_EQUAL(read32(0x34), 0xa4);
	a_function();
	set(0xa8, 0x00000f91); /* a table that goes beyond its BAR */
	raw[0xa8 / 4] = 0x00000fc1;
	CU_ASSERT(refused("table"));
	a_function();
	set(0xa8, 0x00000007); /* in a BAR that there is not */
	CU_ASSERT(refused("table"));
	a_function();
	set(0xa8, 0x00000002);
	CU_ASSERT(refused("table"));
	a_function();
	size[0] = 0x3000;
	CU_ASSERT(refused("power of two"));
	a_function();
	set(0x24, 4);
	size[4] = 0;
	size[5] = 0x1000;
	set(0x20, 0);
	CU_ASSERT(refused("no room for an address"));
	a_function();
	size[0] = UINT64_C(1) << 32;
	CU_ASSERT(refused("no room for an address"));
	/* More messages than firn has: fewer are shown. */
	a_function();
	set(0xa4, 0x07ffc011);
	CU_ASSERT_PTR_NULL(vpci_init(&p, raw, size));
	CU_ASSERT(p.vectors == VPCI_VECTORS && (read32(0xa4) >> 16 & 0x7ff) == VPCI_VECTORS - 1);
}

static void function_level_reset(void)
{
	CU_ASSERT_PTR_NULL(make());
	CU_ASSERT(vpci_can_reset(&p));
	CU_ASSERT_EQUAL(read32(0xc4), 0x10008fff);
	CU_ASSERT_EQUAL(read32(0xc8), 0x00007fff); /* it reads as 0, and nothing is under way */
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc8, 2, 0xffff7fff), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, 0xca, 1, 0x8000), 0); /* Device Status */
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc8, 0, 0x80), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc4, 2, 0x8000), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc9, 0, 0x80), VPCI_RESETS);
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc8, 1, 0x8000), VPCI_RESETS);
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc8, 2, 0x8000), VPCI_RESETS);
	CU_ASSERT_EQUAL(read32(0xc8), 0x00007fff);
	vpci_set_pending(&p, ~0U);
	CU_ASSERT_EQUAL(read32(0xc8), 0x00207fff);
	vpci_set_pending(&p, 0);
	CU_ASSERT_EQUAL(read32(0xc8), 0x00007fff);
	/* Without it, and without any other reset, there is none. */
	a_function();
	set(0x44, 8); /* No_Soft_Reset */
	set(0xc4, 0x00008fff);
	CU_ASSERT_PTR_NULL(vpci_init(&p, raw, size));
	CU_ASSERT(!vpci_can_reset(&p));
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc8, 2, 0x8000), 0);
}

/* --- other resets --- */

/* Without Function Level Reset of PCI Express. */
static void another_function(void)
{
	a_function();
	set(0xc4, 0x00008fff);
	set(0x44, 8); /* No_Soft_Reset */
}

static const char *make_another(void)
{
	return vpci_init(&p, raw, size);
}

/* L1 asks by a capability that is at the end of its list, and has nothing pending. */
static void expect_features_at(unsigned offset, uint32_t status)
{
	unsigned last = 0x34, at = read32(0x34) & 0xff;

	for (; at; last = at, at = read32(at) >> 8 & 0xff)
		if ((read32(at) & 0xff) == 0x13)
			break;
	CU_ASSERT(last != 0x34 && at == offset);
	CU_ASSERT(p.af == offset && vpci_can_reset(&p));
	CU_ASSERT_EQUAL(read32(offset) & 0xffff00ff, 0x03060013);
	CU_ASSERT_EQUAL(read32(offset + 4), status);
	CU_ASSERT_EQUAL(vpci_write(&p, offset + 4, 2, 0xfffffffe), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, offset, 2, 1), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, offset + 5, 0, 1), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, 0xc8, 2, 0x8000), 0);
	CU_ASSERT_EQUAL(vpci_write(&p, offset + 4, 0, 1), VPCI_RESETS);
	CU_ASSERT_EQUAL(vpci_write(&p, offset + 4, 1, 1), VPCI_RESETS);
	CU_ASSERT_EQUAL(vpci_write(&p, offset + 4, 2, 1), VPCI_RESETS);
	CU_ASSERT_EQUAL(read32(offset + 4), status);
}

static struct pci_reset_step step_of(unsigned n)
{
	struct pci_reset_step s;

	CU_ASSERT(pci_reset_step(&p.reset, n, &s));
	CU_ASSERT(
		!pci_reset_step(&p.reset, p.reset.by == PCI_RESET_PM ? 2 : 1, &(struct pci_reset_step){ 0 }));
	return s;
}

static void reset_of_advanced_features(void)
{
	struct pci_reset_step s;

	another_function();
	set(0xc0, 0x00006010);
	set(0x60, 0x03060013);
	set(0x64, 0x00000101);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_AF);
	expect_features_at(0x60, 0);
	CU_ASSERT_EQUAL(vpci_pending_at(&p), 0x64);
	vpci_set_pending(&p, ~0U);
	expect_features_at(0x60, 0x100);
	s = step_of(0);
	CU_ASSERT(!s.is_in_bar && s.offset == 0x64 && !s.keep && s.set == 1 && s.ms == 100);
	/* One that cannot, and one that is not needed, are not shown. */
	set(0x60, 0x01060013);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT(p.reset.by == PCI_RESET_NOT && !vpci_can_reset(&p) && read32(0x60) == 0 &&
		  !vpci_pending_at(&p));
	set(0x60, 0x03060013);
	set(0xc4, 0x10008fff);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT(p.reset.by == PCI_RESET_FLR && !p.af && read32(0x60) == 0);
	s = step_of(0);
	CU_ASSERT(!s.is_in_bar && s.offset == 0xc8 && s.keep == 0xffff && s.set == 0x8000 && s.ms == 100);
}

/* D3hot and back; events of power management are off, and their status, where a one clears, is left alone. */
static void reset_by_power(void)
{
	struct pci_reset_step s;

	another_function();
	set(0x44, 0x0000);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_PM);
	expect_features_at(0xb8, 0);
	CU_ASSERT(!vpci_pending_at(&p));
	s = step_of(0);
	CU_ASSERT(!s.is_in_bar && s.offset == 0x44 && s.keep == 0x7efc && s.set == 3 && s.ms == 10);
	s = step_of(1);
	CU_ASSERT(!s.is_in_bar && s.offset == 0x44 && s.keep == 0x7efc && s.set == 0 && s.ms == 10);
}

static void reset_of_virtio(void)
{
	struct pci_reset_step s;

	another_function();
	set(0x48, 0x0110a409); /* its common registers, which are in BAR 4 at 0x1000 */
	set(0x4c, 4);
	set(0x50, 0x1000);
	set(0x44, 0); /* and it could be by its power */
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_VIRTIO);
	expect_features_at(0xb8, 0);
	s = step_of(0);
	CU_ASSERT(s.is_in_bar && s.bar == 4 && s.offset == 0x1014 && s.set == 0 && s.ms == 100);
	/* Nobody else's, and nothing that is in no BAR. */
	set(0x50, 0x3feb);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_VIRTIO);
	set(0x50, 0x3fec);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_PM);
	set(0x50, 0xfffffff0);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_PM);
	set(0x50, 0x1000);
	set(0x4c, 5);
	CU_ASSERT_PTR_NULL(make_another());
	CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_PM);
	set(0x4c, 4);
	for (unsigned n = 0; n < 3; n++) {
		set(0x00, (const uint32_t[]){ 0x10421af5, 0x10801af4, 0x0fff1af4 }[n]);
		CU_ASSERT_PTR_NULL(make_another());
		CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_PM);
	}
}

/* Others take all but 8, 4 or none of the 192 bytes: the function can be reset, and L1 perhaps not ask for it. */
static void no_place_for_a_reset(void)
{
	static const struct {
		uint32_t bytes;
		unsigned offset;
	} c[] = { { 0xb8, 0xf8 }, { 0xbc, 0 }, { 0xc0, 0 } };

	another_function();
	for (unsigned n = 0; n < 3; n++) {
		set(0x40, 0x01000009 | c[n].bytes << 16);
		set(0x44, 4);
		set(0x48, 0);
		CU_ASSERT_PTR_NULL(make_another());
		CU_ASSERT_EQUAL(p.reset.by, PCI_RESET_VIRTIO);
		CU_ASSERT_EQUAL(p.af, c[n].offset);
		CU_ASSERT_EQUAL(vpci_can_reset(&p), c[n].offset != 0);
		CU_ASSERT_EQUAL(vpci_write(&p, 0xfc, 2, 1), c[n].offset ? VPCI_RESETS : 0);
	}
}

void register_nv_pci_config(void)
{
	CU_pSuite s = CU_add_suite("PCI configuration space", NULL, NULL);

	CU_add_test(s, "the header", header);
	CU_add_test(s, "capabilities are those that are harmless", capabilities);
	CU_add_test(s, "BARs", bars);
	CU_add_test(s, "the command register", command);
	CU_add_test(s, "MSI-X and its table", msix);
	CU_add_test(s, "MSI", msi);
	CU_add_test(s, "Function Level Reset", function_level_reset);
	CU_add_test(s, "reset by Advanced Features", reset_of_advanced_features);
	CU_add_test(s, "reset by power management", reset_by_power);
	CU_add_test(s, "reset of a virtio device", reset_of_virtio);
	CU_add_test(s, "a reset that L1 has no place for", no_place_for_a_reset);
	CU_add_test(s, "functions that are not as they should be", strange_functions);
}
