/*
 * Does every interrupt that is acknowledged end at its EOI, and does every pending one come, whatever L1 changes meanwhile?
 * Two vCPUs with the virtual CPU interface of IHI0069's pseudocode in front of their list registers do random things; each comes
 * to L0 only when L0 asks for it, or by its own accesses and maintenance interrupts.
 */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "nv/arch/fields.h"
#include "nv/gic/lists.h"
#include "nv/gic/regs.h"

void register_nv_gic_end(void);

#define CPUS 2
#define LRS 2 /* few, so that some active ones are without */
#define BYTE 0
#define WORD 2
#define DOUBLE 3
#define SGI_BASE 0x10000UL
#define FIRST_SPI 32U
#define SPIS 4U
#define LEVELS 2U /* the first SPIs are level-sensitive, the others edges */
#define SGIS 4U
#define STACK 40

static struct vgic_dist d;
static struct vgic_cpu cpu[CPUS];
static struct {
	uint32_t intid[STACK];
	bool group1[STACK];
	unsigned depth;
	unsigned eois; /* ICH_HCR_EL2.EOIcount */
} running[CPUS];
static uint64_t enables[CPUS]; /* ICH_VMCR_EL2.{VENG1,VENG0} of hardware: L0 is not told of each change */
static uint64_t seed;

static uint64_t random_below(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

static bool no_memory(const void *memory, l1_ipa_t ipa, uint64_t *value)
{
	(void)memory;
	(void)ipa;
	(void)value;
	return false;
}

/* --- a vCPU in L0 --- */

static void fold(unsigned c)
{
	if (cpu[c].lr_used && cpu[c].hcr != ICH_HCR_EN)
		cpu[c].vmcr = (cpu[c].vmcr & ~3UL) | enables[c];
	vgic_fold(&d, c, running[c].eois);
	running[c].eois = 0;
}

/* As vgic_fill does before each entry. */
static void come_to_l0(unsigned c)
{
	if (!cpu[c].dirty)
		return;
	fold(c);
	vgic_choose(&d, c);
}

static void gicr(unsigned by, unsigned of, uint64_t offset, unsigned size, uint64_t value)
{
	fold(by);
	vgic_gicr_write(&d, of, SGI_BASE + offset, size, value);
	come_to_l0(by);
}

static void gicd(unsigned by, uint64_t offset, unsigned size, uint64_t value)
{
	fold(by);
	vgic_gicd_write(&d, by, offset, size, value);
	come_to_l0(by);
}

/* A register with bits, of an interrupt that is vCPU of's, or an SPI. */
static void bit_register(unsigned by, unsigned of, uint64_t offset, uint32_t intid)
{
	if (intid < FIRST_SPI)
		gicr(by, of, offset, WORD, 1U << intid);
	else
		gicd(by, offset + 4, WORD, 1U << (intid - FIRST_SPI));
}

static bool is_active(unsigned c, uint32_t intid)
{
	const struct vgic_bank *b = vgic_bank_of(&d, c, intid);

	return vgic_active_bits(&d, c, b) >> intid % 32 & 1;
}

/* --- the virtual CPU interface --- */

static unsigned field(uint64_t lr, unsigned from, unsigned bits)
{
	return (unsigned)(lr >> from & ((1UL << bits) - 1));
}

static unsigned state_of(uint64_t lr)
{
	return field(lr, 62, 2); /* 1: pending, 2: active */
}

static unsigned running_priority(unsigned c)
{
	uint64_t both = cpu[c].ap0r[0] | cpu[c].ap1r[0];

	return both ? (unsigned)__builtin_ctzll(both) * 8 : 256;
}

/* ICH_MISR_EL2.{VGrp1D,VGrp1E,VGrp0D,VGrp0E}: what the groups are, where ICH_HCR_EL2 asks for it. */
static bool asks_for_group(unsigned c)
{
	uint64_t is = (enables[c] & 1 ? 0x10 : 0x20) | (enables[c] & 2 ? 0x40 : 0x80);

	return cpu[c].hcr & is;
}

static bool asks_for_l0(unsigned c)
{
	bool pending = false;

	for (unsigned n = 0; n < LRS; n++) {
		if (!(cpu[c].lr_used >> n & 1))
			continue;
		if (!state_of(cpu[c].lr[n]) && (cpu[c].lr[n] >> 41 & 1))
			return true;
		pending |= state_of(cpu[c].lr[n]) == 1;
	}
	return ((cpu[c].hcr & ICH_HCR_NPIE) && !pending) ||
	       ((cpu[c].hcr & ICH_HCR_LRENPIE) && running[c].eois) || asks_for_group(c);
}

/* Twice at most: the first time L0 may have an old idea of the groups. */
static void maintenance(unsigned c)
{
	for (unsigned n = 0; asks_for_l0(c); n++) {
		CU_ASSERT_TRUE_FATAL(n < 2);
		cpu[c].dirty = true;
		come_to_l0(c);
	}
}

static bool is_enabled(unsigned c, uint64_t lr)
{
	return enables[c] & (lr >> 60 & 1 ? 2 : 1);
}

/* ICC_IAR0_EL1 or ICC_IAR1_EL1, of the group that is signalled. False: neither. */
static bool acknowledge(unsigned c)
{
	unsigned best = LRS;

	for (unsigned n = 0; n < LRS; n++)
		if ((cpu[c].lr_used >> n & 1) && state_of(cpu[c].lr[n]) == 1 && is_enabled(c, cpu[c].lr[n]) &&
		    (best == LRS || field(cpu[c].lr[n], 48, 8) < field(cpu[c].lr[best], 48, 8)))
			best = n;
	if (best == LRS || field(cpu[c].lr[best], 48, 8) >= running_priority(c))
		return false;
	CU_ASSERT_TRUE(cpu[c].recall || field(cpu[c].lr[best], 0, 32) < FIRST_SPI ||
		       (d.routed[0][c] >> field(cpu[c].lr[best], 0, 5) & 1));
	bool group1 = cpu[c].lr[best] >> 60 & 1;
	uint64_t *ap = group1 ? cpu[c].ap1r : cpu[c].ap0r;
	ap[0] |= 1UL << field(cpu[c].lr[best], 48, 8) / 8;
	running[c].intid[running[c].depth] = field(cpu[c].lr[best], 0, 32);
	running[c].group1[running[c].depth++] = group1;
	cpu[c].lr[best] ^= 3UL << 62;
	maintenance(c);
	return true;
}

/* ICC_EOIR0_EL1 or ICC_EOIR1_EL1, with what the last acknowledge gave. */
static void end(unsigned c)
{
	uint32_t intid = running[c].intid[--running[c].depth];
	bool group1 = running[c].group1[running[c].depth];
	unsigned dropped = running_priority(c), n;
	uint64_t *ap = group1 ? cpu[c].ap1r : cpu[c].ap0r;

	CU_ASSERT_TRUE_FATAL(is_active(c, intid));
	CU_ASSERT_NOT_EQUAL_FATAL(ap[0] & 1UL << dropped / 8, 0);
	ap[0] &= ~(1UL << dropped / 8);
	for (n = 0; n < LRS; n++)
		if ((cpu[c].lr_used >> n & 1) && field(cpu[c].lr[n], 0, 32) == intid &&
		    state_of(cpu[c].lr[n]) >= 2)
			break;
	if (n == LRS)
		running[c].eois++;
	else if (field(cpu[c].lr[n], 48, 8) == dropped && (cpu[c].lr[n] >> 60 & 1) == group1)
		cpu[c].lr[n] &= ~(2UL << 62);
	maintenance(c);
	CU_ASSERT_FALSE_FATAL(is_active(c, intid));
}

/* --- L1 --- */

/* Often one that runs: it is to change while it is active, and to come again. */
static uint32_t some_interrupt(unsigned of)
{
	if (running[of].depth && random_below(2))
		return running[of].intid[random_below(running[of].depth)];
	return random_below(2) ? (uint32_t)random_below(SGIS) : FIRST_SPI + (uint32_t)random_below(SPIS);
}

static void some_access(unsigned by)
{
	static const uint16_t registers[] = {
		0x100, 0x180, 0x200, 0x200, 0x200, 0x280
	}; /* enable, pending */
	unsigned of = (unsigned)random_below(CPUS);
	uint32_t intid = some_interrupt(of);

	switch (random_below(4)) {
	case 0:
		if (intid < FIRST_SPI)
			gicr(by, of, 0x400 + intid, BYTE, random_below(32) * 8);
		else
			gicd(by, 0x400 + intid, BYTE, random_below(32) * 8);
		break;
	case 1:
		if (intid < FIRST_SPI)
			gicr(by, of, 0x80, WORD, cpu[of].bank.group ^ 1U << intid);
		else
			gicd(by, 0x84, WORD, d.spi[0].group ^ 1U << intid % 32);
		break;
	case 2:
		gicd(by, 0x6000 + 8 * (FIRST_SPI + intid % SPIS), DOUBLE, random_below(CPUS));
		break;
	default:
		bit_register(by, of, registers[random_below(6)], intid);
	}
}

static void one_thing(unsigned c)
{
	switch (random_below(9)) {
	case 0:
	case 1:
		some_access(c);
		break;
	case 2:
		vgic_line(&d, 0, FIRST_SPI + (uint32_t)random_below(SPIS), random_below(2));
		break;
	case 3:
		come_to_l0(c);
		break;
	case 4:
	case 5:
	case 6:
		(void)acknowledge(c);
		break;
	case 7: /* ICC_IGRPEN0_EL1 or ICC_IGRPEN1_EL1 */
		enables[c] ^= 1 + random_below(2);
		break;
	default:
		if (running[c].depth)
			end(c);
	}
	maintenance(c);
}

/* The highest priority of an enabled group that is pending in a list register. */
static unsigned highest_inside(unsigned c)
{
	unsigned best = 256;

	for (unsigned n = 0; n < LRS; n++)
		if ((cpu[c].lr_used >> n & 1) && state_of(cpu[c].lr[n]) == 1 && is_enabled(c, cpu[c].lr[n]) &&
		    field(cpu[c].lr[n], 48, 8) < best)
			best = field(cpu[c].lr[n], 48, 8);
	return best;
}

/* Of those of a bank that wait outside. */
static unsigned highest_outside(unsigned c, const struct vgic_bank *b, uint32_t waiting)
{
	unsigned best = 256;

	waiting &= (enables[c] & 2 ? b->group : 0) | (enables[c] & 1 ? ~b->group : 0);
	for (; waiting; waiting &= waiting - 1)
		if (b->priority[__builtin_ctz(waiting)] < best)
			best = b->priority[__builtin_ctz(waiting)];
	return best;
}

/*
 * What waits outside list registers, and could be signalled to a vCPU: that one knows, or hears of it when there is room. None of
 * them is what the interface would signal first.
 */
static bool nothing_is_forgotten(void)
{
	for (unsigned c = 0; c < CPUS; c++) {
		const struct vgic_bank *b[] = { &cpu[c].bank, &d.spi[0] };

		for (unsigned n = 0; n < 2 && !cpu[c].dirty; n++) {
			uint32_t waiting = (b[n]->latch | (b[n]->level & ~b[n]->edge)) & b[n]->enabled &
					   ~b[n]->active & ~b[n]->in_lr & (n ? d.routed[0][c] : ~0U);

			if (waiting && !(cpu[c].hcr & ICH_HCR_NPIE))
				return false;
			if (highest_outside(c, b[n], waiting) < highest_inside(c))
				return false;
		}
	}
	return true;
}

static void start(void)
{
	memset(&d, 0, sizeof(d));
	memset(cpu, 0, sizeof(cpu));
	memset(running, 0, sizeof(running));
	d.vcpus = CPUS;
	d.lr_count = LRS;
	d.preempt_bits = 5;
	d.priority_mask = 0xf8;
	d.lpi.read = no_memory;
	for (unsigned i = 0; i < CPUS; i++) {
		d.cpu[i] = &cpu[i];
		vgic_reset_redist(&cpu[i], i);
		cpu[i].vmcr = 0xffUL << 24 | 3;
		enables[i] = 3;
	}
	vgic_reset_dist(&d);
	gicd(0, 0, WORD, 3);
	for (unsigned i = 0; i < SPIS; i++)
		if (i >= LEVELS)
			vgic_gicd_write(&d, 0, 0xc08, WORD, 0xaaaaaaaaU << 2 * LEVELS);
}

/* Lines low, all enabled: what is pending comes, without anyone having to ask for it. */
static void drain(void)
{
	bool more = true;

	for (unsigned i = 0; i < SPIS; i++)
		vgic_line(&d, 0, FIRST_SPI + i, false);
	for (unsigned i = 0; i < CPUS; i++) {
		enables[i] = 3;
		maintenance(i);
		gicr(0, i, 0x100, WORD, ~0U);
		while (running[i].depth)
			end(i);
	}
	gicd(0, 0x104, WORD, ~0U);
	while (more) {
		more = false;
		for (unsigned i = 0; i < CPUS; i++) {
			more |= cpu[i].dirty; /* what leaves its list registers may be another one's */
			come_to_l0(i);
			while (acknowledge(i)) {
				more = true;
				end(i);
			}
		}
	}
	CU_ASSERT_EQUAL(vgic_pending_bits(&d, 0, &d.spi[0]) | vgic_active_bits(&d, 0, &d.spi[0]), 0);
	CU_ASSERT_EQUAL(d.spi[0].altered & ~d.spi[0].in_lr, 0);
	for (unsigned i = 0; i < CPUS; i++)
		CU_ASSERT_EQUAL(
			vgic_pending_bits(&d, i, &cpu[i].bank) | vgic_active_bits(&d, i, &cpu[i].bank), 0);
}

static void every_interrupt_comes_and_ends(void)
{
	const char *cases = getenv("FIRN_CASES");
	unsigned long rounds = cases ? strtoul(cases, NULL, 10) / 40 : 2000;

	seed = 0x9e3779b97f4a7c15;
	for (unsigned long i = 0; i < rounds; i++) {
		start();
		for (unsigned n = 0; n < 200; n++) {
			one_thing((unsigned)random_below(CPUS));
			CU_ASSERT_TRUE_FATAL(nothing_is_forgotten());
		}
		drain();
	}
}

void register_nv_gic_end(void)
{
	CU_pSuite s = CU_add_suite("nv/gic/end", NULL, NULL);

	CU_ADD_TEST(s, every_interrupt_comes_and_ends);
}
