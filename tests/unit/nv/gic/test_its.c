/* Do the registers and commands of the ITS, and LPIs, do what IHI0069 says? */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "nv/gic/iface.h"
#include "nv/gic/lists.h"
#include "nv/gic/regs.h"
#include "nv/gic/its.h"

void register_nv_gic_its(void);

#define BYTE 0
#define HALF 1
#define WORD 2
#define DOUBLE 3

#define PENDING (1UL << 62)
#define ACTIVE (2UL << 62)
#define GROUP1 (1UL << 60)
#define PRIO(p) ((uint64_t)(p) << 48)
#define VALID (1UL << 63)
#define VENG0 1UL
#define VENG1 2UL
#define VPMR(p) ((uint64_t)(p) << 24)
#define HCR_NPIE 8UL

/* L1's memory: the queue, the configuration table (of INTIDs from 8192 on), a pending table (from INTID 0 on). */
#define QUEUE 0x40000000UL
#define QUEUE_PAGES 2
#define CONFIG 0x40010000UL
#define PENDING_TABLE 0x40020000UL
#define MEMORY_BYTES 0x30000UL

static uint8_t memory[MEMORY_BYTES];
static unsigned stores; /* to it, by the redistributors */
static struct vgic_dist d;
static struct vgic_cpu cpu[3]; /* two, but where third_vcpu is called */
static struct vits its;

static bool read_memory(const void *of, l1_ipa_t ipa, uint64_t *value)
{
	CU_ASSERT_EQUAL_FATAL(ipa.val % 8, 0);
	if (ipa.val < QUEUE || ipa.val >= QUEUE + MEMORY_BYTES)
		return false;
	memcpy(value, (const uint8_t *)of + (ipa.val - QUEUE), 8);
	return true;
}

static bool write_memory(const void *of, l1_ipa_t ipa, uint64_t value)
{
	CU_ASSERT_EQUAL_FATAL(ipa.val % 8, 0);
	CU_ASSERT_PTR_EQUAL(of, memory);
	stores++;
	if (ipa.val < QUEUE || ipa.val >= QUEUE + MEMORY_BYTES)
		return false;
	memcpy(memory + (ipa.val - QUEUE), &value, 8);
	return true;
}

static void set(uint64_t offset, unsigned size, uint64_t value)
{
	CU_ASSERT_TRUE(vits_write(&its, &d, offset, size, value));
}

static uint64_t get(uint64_t offset, unsigned size)
{
	return vits_read(&its, &d, 0, offset, size);
}

static void configure(uint32_t intid, uint8_t byte)
{
	memory[CONFIG - QUEUE + intid - 8192] = byte;
}

/* Two vCPUs, LPIs not enabled; the ITS is not either. */
static void fresh_disabled(void)
{
	memset(memory, 0, sizeof(memory));
	stores = 0;
	memset(&d, 0, sizeof(d));
	memset(cpu, 0, sizeof(cpu));
	d.vcpus = 2;
	d.lr_count = 4;
	d.preempt_bits = 5;
	d.priority_mask = 0xf8;
	d.lpi.read = read_memory;
	d.lpi.write = write_memory;
	d.lpi.memory = memory;
	for (unsigned i = 0; i < 2; i++) {
		d.cpu[i] = &cpu[i];
		vgic_reset_redist(&cpu[i], i);
		cpu[i].vmcr = VENG1 | VPMR(0xf0);
	}
	vgic_reset_dist(&d);
	vits_reset(&its);
	vgic_gicd_write(&d, 0, 0, WORD, 3);
	for (unsigned i = 0; i < 2; i++) {
		vgic_gicr_write(&d, i, 0x14, WORD, 0);
		vgic_gicr_write(&d, i, 0x70, DOUBLE, CONFIG | 13);
		vgic_gicr_write(&d, i, 0x78, DOUBLE, PENDING_TABLE | 1UL << 62);
	}
	set(0x80, DOUBLE, VALID | QUEUE | (QUEUE_PAGES - 1));
}

static void fresh(void)
{
	fresh_disabled();
	set(0x0, WORD, 1);
	for (unsigned i = 0; i < 2; i++)
		vgic_gicr_write(&d, i, 0, WORD, 1);
}

static void put_command(uint64_t at, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	const uint64_t words[4] = { w0, w1, w2, w3 };

	memcpy(memory + at, words, sizeof(words));
}

static void command(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	uint64_t at = get(0x88, DOUBLE);

	put_command(at, w0, w1, w2, w3);
	at = (at + 32) % (QUEUE_PAGES * 4096);
	set(0x88, DOUBLE, at);
	CU_ASSERT_EQUAL(its.creadr, at);
}

static void mapd(uint64_t device, unsigned bits)
{
	command(device << 32 | 0x08, bits - 1, VALID | 0x40040000, 0);
}

static void mapc(uint64_t collection, uint64_t target)
{
	command(0x09, 0, VALID | target << 16 | collection, 0);
}

static void mapti(uint64_t device, uint64_t event, uint64_t intid, uint64_t collection)
{
	command(device << 32 | 0x0a, intid << 32 | event, collection, 0);
}

static void simple(unsigned number, uint64_t device, uint64_t event)
{
	command(device << 32 | number, event, 0, 0);
}

#define MOVI 0x01
#define INT 0x03
#define CLEAR 0x04
#define INV 0x0c
#define DISCARD 0x0f

/* Device 5 with 16 events; collection n is vCPU n's; event 3 is LPI 8195 in collection 0, at priority 0xa0. */
static void one_mapping(void)
{
	fresh();
	configure(8195, 0xa1);
	mapc(0, 0);
	mapc(1, 1);
	mapd(5, 4);
	mapti(5, 3, 8195, 0);
	d.kick = 0;
	for (unsigned i = 0; i < 2; i++)
		vgic_choose(&d, i);
}

/* The LPI in the first list register, as pending in Group 1; 0 when there is none. */
static uint64_t chosen(unsigned vcpu)
{
	vgic_fold(&d, vcpu, 0);
	vgic_choose(&d, vcpu);
	return cpu[vcpu].lr_used ? cpu[vcpu].lr[0] : 0;
}

#define LR_8195 (PENDING | GROUP1 | PRIO(0xa0) | 8195)

static void registers_read_as_they_are_defined(void)
{
	fresh_disabled();
	CU_ASSERT_EQUAL(get(0x0, WORD), 1UL << 31);		 /* not Enabled, Quiescent */
	CU_ASSERT_EQUAL(get(0x8, DOUBLE) & 3, 1);		 /* Physical, not Virtual */
	CU_ASSERT_EQUAL(get(0x8, DOUBLE) >> 4 & 0xf, 7);	 /* ITT_entry_size: 8 bytes */
	CU_ASSERT_EQUAL(get(0x8, DOUBLE) >> 8 & 0x1f, 13);	 /* ID_bits */
	CU_ASSERT_EQUAL(get(0x8, DOUBLE) >> 13 & 0x1f, 7);	 /* Devbits */
	CU_ASSERT_EQUAL(get(0x8, DOUBLE) >> 18 & 3, 0);		 /* SEIS, PTA */
	CU_ASSERT_EQUAL(get(0x8, DOUBLE) >> 32 & 0x1f, 0x12);	 /* CIL, CIDbits: 8 collections */
	CU_ASSERT_EQUAL(get(0xc, WORD), get(0x8, DOUBLE) >> 32); /* by halves */
	CU_ASSERT_EQUAL(get(0xffe8, WORD), 0x3b);
	CU_ASSERT_EQUAL(get(0x4, WORD), 0x6600043b);
	CU_ASSERT_EQUAL(get(0x80, DOUBLE), VALID | QUEUE | 1);
	CU_ASSERT_EQUAL(get(0x100, DOUBLE),
			1UL << 56 | 7UL << 48 | 2UL << 8); /* devices, 8 bytes, 64 KiB pages */
	CU_ASSERT_EQUAL(get(0x108, DOUBLE), 4UL << 56 | 7UL << 48 | 2UL << 8); /* collections */
	CU_ASSERT_EQUAL(get(0x110, DOUBLE), 0);				       /* no table */
	set(0x100, DOUBLE, ~0UL);
	CU_ASSERT_EQUAL(get(0x100, DOUBLE),
			0xf9e7fffffffffeffUL); /* Type, Entry_Size stay; Page_Size 3 is 2 */
	set(0x104, WORD, 0);
	CU_ASSERT_EQUAL(get(0x100, DOUBLE), 0x01070000fffffeffUL);
	set(0x0, WORD, 1);
	CU_ASSERT_EQUAL(get(0x0, WORD), 1);
	set(0x80, DOUBLE, 0);
	set(0x100, DOUBLE, 0);
	CU_ASSERT_EQUAL(get(0x80, DOUBLE), VALID | QUEUE | 1); /* while enabled */
	CU_ASSERT_EQUAL(get(0x100, DOUBLE), 0x01070000fffffeffUL);
	CU_ASSERT_EQUAL(get(0x8, HALF), 0);
	CU_ASSERT_EQUAL(get(0x10040, WORD), 0); /* GITS_TRANSLATER is write-only */
}

static void redistributor_registers(void)
{
	fresh_disabled();
	vgic_gicr_write(&d, 0, 0x70, DOUBLE, ~0UL);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x70, DOUBLE), 0x070fffffffffff9fUL);
	vgic_gicr_write(&d, 0, 0x78, DOUBLE, ~0UL);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x78, DOUBLE), 0x070fffffffff0f80UL); /* PTZ reads as 0 */
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x7c, WORD), 0x070fffff);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0, WORD), 2); /* CES */
	vgic_gicr_write(&d, 0, 0, WORD, 1);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0, WORD), 3);
	vgic_gicr_write(&d, 0, 0x70, DOUBLE, 0); /* not while enabled */
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x70, DOUBLE), 0x070fffffffffff9fUL);
	vgic_gicr_write(&d, 0, 0, WORD, 0);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0, WORD), 2);
	vgic_gicr_write(&d, 0, 0x70, DOUBLE, 0);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0x70, DOUBLE), 0);
}

static void an_event_is_an_lpi_that_is_pending_until_acknowledged(void)
{
	one_mapping();
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(d.kick, 1);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_IRQ);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	CU_ASSERT_EQUAL(cpu[0].hcr & HCR_NPIE, 0);
	CU_ASSERT_EQUAL(chosen(0), LR_8195); /* not yet taken */
	cpu[0].lr[0] = 0;
	CU_ASSERT_EQUAL(chosen(0), 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	cpu[0].lr[0] = (LR_8195 & ~PENDING) | ACTIVE;
	CU_ASSERT_EQUAL(chosen(0), 0); /* LPIs have no active state */
	CU_ASSERT_EQUAL(chosen(1), 0);
	simple(INT, 5, 3);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	cpu[0].lr[0] = 0;
	CU_ASSERT_EQUAL(chosen(0), 0); /* pending is a bit */
}

static void one_that_comes_again_while_in_a_list_register(void)
{
	one_mapping();
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	simple(INT, 5, 3);
	cpu[0].lr[0] = 0; /* the first was taken */
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195); /* none was taken: one */
	cpu[0].lr[0] = 0;
	CU_ASSERT_EQUAL(chosen(0), 0);
}

static void the_interface_in_memory_acknowledges_lpis(void)
{
	uint64_t value = 0;

	one_mapping();
	simple(INT, 5, 3);
	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, SR_ICC_HPPIR1_EL1, true, true, &value));
	CU_ASSERT_EQUAL(value, 8195);
	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, SR_ICC_IAR1_EL1, true, true, &value));
	CU_ASSERT_EQUAL(value, 8195);
	CU_ASSERT_EQUAL(cpu[0].ap1r[0], 1UL << (0xa0 >> 3));
	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, SR_ICC_IAR1_EL1, true, true, &value));
	CU_ASSERT_EQUAL(value, 1023);
	value = 8195;
	CU_ASSERT_TRUE(vgic_iface_access(&d, 0, SR_ICC_EOIR1_EL1, true, false, &value));
	CU_ASSERT_EQUAL(cpu[0].ap1r[0], 0);
	cpu[0].vmcr = VPMR(0xf0); /* Group 1 off */
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_NOTHING);
}

static void translater_is_device_0(void)
{
	one_mapping();
	mapd(0, 2);
	configure(8200, 0x81);
	mapti(0, 2, 8200, 1);
	set(0x10040, WORD, 2);
	CU_ASSERT_EQUAL(chosen(1), PENDING | GROUP1 | PRIO(0x80) | 8200);
	cpu[1].lr[0] = 0;
	CU_ASSERT_EQUAL(chosen(1), 0);
	set(0x10040, HALF, 2);
	CU_ASSERT_EQUAL(chosen(1), PENDING | GROUP1 | PRIO(0x80) | 8200);
	cpu[1].lr[0] = 0;
	set(0x10040, BYTE, 2);
	set(0x10040, WORD, 3); /* not mapped */
	set(0x0, WORD, 0);
	set(0x10040, WORD, 2); /* not enabled */
	CU_ASSERT_EQUAL(chosen(1), 0);
}

static void configuration_is_read_when_asked_for(void)
{
	one_mapping();
	configure(8195, 0x40); /* disabled */
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195); /* not noticed yet */
	simple(INV, 5, 3);
	CU_ASSERT_TRUE(cpu[0].recall);
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_NOTHING);
	configure(8195, 0x47);	/* priority 0x44, of which the vCPU has 5 bits */
	command(0x0d, 0, 1, 0); /* INVALL */
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0x40) | 8195);
}

static void movi_takes_the_pending_state_along(void)
{
	one_mapping();
	simple(INT, 5, 3);
	command(5UL << 32 | 0x01, 3, 1, 0);
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
	/* From the list register of another CPU, when that has been folded. */
	d.kick = 0;
	command(5UL << 32 | 0x01, 3, 0, 0);
	CU_ASSERT_EQUAL(d.kick, 2);
	CU_ASSERT_TRUE(cpu[1].recall);
	CU_ASSERT_EQUAL(chosen(1), 0);
	CU_ASSERT_EQUAL(d.kick, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	/* Taken before: nothing to move. */
	command(5UL << 32 | 0x01, 3, 1, 0);
	cpu[0].lr[0] = 0;
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(chosen(1), 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
}

static void movi(uint64_t collection)
{
	command(5UL << 32 | MOVI, 3, collection, 0);
}

static void movall(uint64_t from, uint64_t to)
{
	command(0x0e, 0, from << 16, to << 16);
}

/* As the two others, with collection 2. */
static void third_vcpu(void)
{
	d.vcpus = 3;
	d.cpu[2] = &cpu[2];
	vgic_reset_redist(&cpu[2], 2);
	cpu[2].vmcr = VENG1 | VPMR(0xf0);
	vgic_gicr_write(&d, 2, 0x14, WORD, 0);
	vgic_gicr_write(&d, 2, 0x70, DOUBLE, CONFIG | 13);
	vgic_gicr_write(&d, 2, 0x78, DOUBLE, PENDING_TABLE | 1UL << 62);
	vgic_gicr_write(&d, 2, 0, WORD, 1);
	mapc(2, 2);
}

/* LPI 8195 of collection 1, which was moved there, is still in a list register of vCPU 0. */
static void moved_in_a_list_register(void)
{
	one_mapping();
	third_vcpu();
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	movi(1);
}

/* When vCPU 0's CPU has come to L0: it is at this vCPU, or at none of them. */
#define NOWHERE 3U
static void check_comes_at(unsigned at)
{
	CU_ASSERT_TRUE(cpu[0].recall);
	d.kick = 0;
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(d.kick, at == NOWHERE ? 0 : 1U << at);
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(chosen(i), i == at ? LR_8195 : 0);
	if (at != NOWHERE)
		cpu[at].lr[0] = 0;
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(chosen(i), 0);
}

static void movi_of_what_was_moved_in_a_list_register(void)
{
	moved_in_a_list_register();
	check_comes_at(1);
	moved_in_a_list_register();
	movi(0);
	check_comes_at(0);
	moved_in_a_list_register();
	movi(2);
	check_comes_at(2);
	moved_in_a_list_register();
	movi(2);
	movi(0);
	movi(1);
	check_comes_at(1);
	moved_in_a_list_register();
	vgic_gicr_write(&d, 2, 0, WORD, 0);
	movi(2); /* lost: LPIs are not enabled there */
	movi(1);
	check_comes_at(NOWHERE);
}

static void movall_of_what_was_moved_in_a_list_register(void)
{
	moved_in_a_list_register();
	movall(1, 2);
	check_comes_at(2);
	moved_in_a_list_register();
	movall(1, 0);
	check_comes_at(0);
	moved_in_a_list_register();
	movall(0, 2); /* it is not vCPU 0's any more */
	check_comes_at(1);
	moved_in_a_list_register();
	movall(1, 2);
	movall(2, 1);
	check_comes_at(1);
	moved_in_a_list_register();
	vgic_gicr_write(&d, 2, 0, WORD, 0);
	movall(1, 2);
	check_comes_at(NOWHERE);
}

static void clear_and_discard_of_what_was_moved_in_a_list_register(void)
{
	moved_in_a_list_register();
	simple(CLEAR, 5, 3);
	check_comes_at(NOWHERE);
	moved_in_a_list_register();
	simple(DISCARD, 5, 3);
	check_comes_at(NOWHERE);
	moved_in_a_list_register();
	movi(2);
	simple(CLEAR, 5, 3);
	check_comes_at(NOWHERE);
	moved_in_a_list_register();
	simple(CLEAR, 5, 3);
	simple(INT, 5, 3); /* after it */
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
}

/* In list registers of two vCPUs at once: it came again where it had been moved to. */
static void what_was_moved_and_came_again_is_moved_as_one(void)
{
	for (unsigned i = 0; i < 3; i++) {
		moved_in_a_list_register();
		simple(INT, 5, 3);
		CU_ASSERT_EQUAL(chosen(1), LR_8195);
		if (i == 0)
			movi(2);
		else if (i == 1)
			movall(1, 2);
		else
			simple(CLEAR, 5, 3);
		CU_ASSERT_TRUE(cpu[1].recall);
		vgic_fold(&d, 1, 0);
		check_comes_at(i < 2 ? 2 : NOWHERE);
	}
}

/* What these change is a mapping, or a configuration; where it is pending stays. */
static void other_commands_leave_what_was_moved_in_a_list_register(void)
{
	moved_in_a_list_register();
	command(5UL << 32 | 0x08, 0, 0, 0); /* MAPD, V = 0 */
	check_comes_at(1);
	moved_in_a_list_register();
	command(0x09, 0, 1, 0); /* MAPC, V = 0 */
	check_comes_at(1);
	moved_in_a_list_register();
	mapti(5, 3, 8195, 2);
	check_comes_at(1);
	moved_in_a_list_register();
	configure(8195, 0xa0); /* disabled */
	simple(INV, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(chosen(1), 0);
	configure(8195, 0xa1);
	d.kick = 0;
	simple(INV, 5, 3);
	CU_ASSERT_EQUAL(d.kick, 2);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
}

static void movall_moves_what_is_pending(void)
{
	one_mapping();
	configure(8900, 0xa1);
	mapti(5, 4, 8900, 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	simple(INT, 5, 4);
	command(0x0e, 0, 0, 1UL << 16);
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
	CU_ASSERT_EQUAL(cpu[1].lr[1], PENDING | GROUP1 | PRIO(0xa0) | 8900);
}

static void clear_and_discard(void)
{
	one_mapping();
	simple(INT, 5, 3);
	simple(CLEAR, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	simple(CLEAR, 5, 3); /* in a list register */
	CU_ASSERT_EQUAL(chosen(0), 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	simple(CLEAR, 5, 3);
	simple(INT, 5, 3); /* after it */
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	simple(DISCARD, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	mapti(5, 3, 8195, 1);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
}

static void mapd_and_mapc_end_what_they_began(void)
{
	one_mapping();
	command(0x09, 0, 0, 0); /* V = 0 */
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	mapc(0, 1);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
	cpu[1].lr[0] = 0;
	command(5UL << 32 | 0x08, 0, 0, 0);
	simple(INT, 5, 3);
	mapd(5, 4);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(1), 0);
}

static void mapi_has_the_intid_as_event(void)
{
	one_mapping();
	mapd(6, 14);
	configure(8193, 0xa1);
	command(6UL << 32 | 0x0b, 8193, 1, 0);
	simple(INT, 6, 8193);
	CU_ASSERT_EQUAL(chosen(1), PENDING | GROUP1 | PRIO(0xa0) | 8193);
}

static void wrong_commands_are_ignored(void)
{
	static const uint64_t wrong[][4] = {
		{ 0x00 },					    /* no such command */
		{ 0xff },					    /* nor this one */
		{ 256UL << 32 | 0x08, 3, VALID },		    /* MAPD: DeviceID of 9 bits */
		{ 7UL << 32 | 0x08, 14, VALID },		    /* 15 bits of EventID */
		{ 0x09, 0, VALID | 2UL << 16 },			    /* MAPC: vCPU 2 */
		{ 0x09, 0, VALID | 8 },				    /* collection 8 */
		{ 5UL << 32 | 0x0a, 8195UL << 32 | 16, 0 },	    /* MAPTI: EventID of 5 bits */
		{ 5UL << 32 | 0x0a, 8191UL << 32 | 4, 0 },	    /* not an LPI */
		{ 5UL << 32 | 0x0a, (8192UL + 1024) << 32 | 4, 0 }, /* beyond num_LPIs */
		{ 5UL << 32 | 0x0a, 8195UL << 32 | 4, 8 },	    /* collection 8 */
		{ 7UL << 32 | 0x0a, 8195UL << 32 | 4, 0 },	    /* device not mapped */
		{ 5UL << 32 | 0x01, 3, 2 },			    /* MOVI: collection 2 is not mapped */
		{ 5UL << 32 | 0x01, 4, 1 },			    /* event 4 is not mapped */
		{ 0x0e, 0, 0, 2UL << 16 },			    /* MOVALL: vCPU 2 */
		{ 5UL << 32 | 0x03, 4 },			    /* INT: event 4 is not mapped */
		{ ~0UL << 32 | 0x03, 3 },
		{ 5UL << 32 | 0x03, 1UL << 16 | 3 },
	};
	struct vits before;

	one_mapping();
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		before = its;
		command(wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3]);
		before.cwriter = its.cwriter;
		before.creadr = its.creadr;
		CU_ASSERT_EQUAL(memcmp(&before, &its, sizeof(its)), 0);
		CU_ASSERT_EQUAL(cpu[0].lpi.some | cpu[1].lpi.some, 0);
	}
}

static void a_full_list_takes_no_more(void)
{
	one_mapping();
	mapd(9, 14);
	for (unsigned i = 0; i < 1023; i++)
		mapti(9, i, 8192 + i, 0);
	configure(8300, 0xa1);
	mapti(9, 1023, 8300, 0); /* the 1025th */
	simple(INT, 9, 1023);
	CU_ASSERT_EQUAL(cpu[0].lpi.some, 0);
	simple(DISCARD, 5, 3);
	mapti(9, 1023, 8300, 0);
	simple(INT, 9, 1023);
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0xa0) | 8300);
}

static void many_commands_take_several_writes(void)
{
	unsigned writes = 1;

	one_mapping();
	set(0x0, WORD, 0);
	set(0x80, DOUBLE, VALID | QUEUE | (QUEUE_PAGES - 1));
	CU_ASSERT_EQUAL(get(0x90, DOUBLE), 0);
	for (unsigned i = 0; i < 200; i++)
		put_command(32 * i, 5UL << 32 | INV, 3, 0, 0);
	put_command(200 * 32, 5UL << 32 | INT, 3, 0, 0);
	set(0x88, WORD, 201 * 32);
	CU_ASSERT_EQUAL(get(0x90, DOUBLE), 0);
	for (; !vits_write(&its, &d, 0x0, WORD, 1); writes++)
		CU_ASSERT_EQUAL(get(0x90, WORD), 64 * 32 * writes);
	CU_ASSERT_EQUAL(writes, 4);
	CU_ASSERT_EQUAL(get(0x90, DOUBLE), 201 * 32);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
}

static void sync_waits_for_the_list_registers_of_others(void)
{
	uint64_t sync;

	one_mapping();
	command(5UL << 32 | 0x01, 3, 1, 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(1), LR_8195);
	simple(DISCARD, 5, 3);
	sync = get(0x90, DOUBLE);
	command(0x05, 0, 1UL << 16, 0);
	CU_ASSERT_EQUAL(get(0x90, DOUBLE), sync);
	vgic_fold(&d, 1, 0);
	CU_ASSERT_EQUAL(get(0x90, DOUBLE), sync + 32);
}

static void lpis_need_a_redistributor_that_has_them_enabled(void)
{
	fresh_disabled();
	set(0x0, WORD, 1);
	configure(8195, 0xa1);
	mapc(0, 0);
	mapd(5, 4);
	mapti(5, 3, 8195, 0);
	simple(INT, 5, 3);
	vgic_gicr_write(&d, 0, 0, WORD, 1);
	CU_ASSERT_EQUAL(chosen(0), 0); /* lost */
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
}

static void the_pending_table_is_read_without_ptz(void)
{
	fresh_disabled();
	configure(8195, 0xa1);
	memory[PENDING_TABLE - QUEUE + 8195 / 8] = 1 << 8195 % 8;
	memory[PENDING_TABLE - QUEUE + 8196 / 8] |= 1 << 8196 % 8; /* not enabled */
	vgic_gicr_write(&d, 1, 0, WORD, 1);			   /* PTZ */
	CU_ASSERT_EQUAL(chosen(1), 0);
	vgic_gicr_write(&d, 0, 0x78, DOUBLE, PENDING_TABLE);
	vgic_gicr_write(&d, 0, 0, WORD, 1);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 1);
}

static bool in_table(uint32_t intid)
{
	return memory[PENDING_TABLE - QUEUE + intid / 8] >> intid % 8 & 1;
}

static void enable_lpis(unsigned c, bool on)
{
	vgic_gicr_write(&d, c, 0, WORD, on);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, c, 0, WORD) & ~8UL, on ? 3 : 2); /* CES */
}

/* GICR_CTLR.EnableLPIs cleared: what is pending is in the table, and comes from there when it is set again. */
static void disabled_lpis_are_remembered_in_the_pending_table(void)
{
	one_mapping();
	mapti(5, 4, 8192 + 1023, 0);
	memory[PENDING_TABLE - QUEUE + 1023] = 0xa5; /* not the redistributor's: INTIDs below 8192, */
	memory[PENDING_TABLE - QUEUE + (8192 + 1024) / 8] = 0x5a; /* and those that there are not */
	simple(INT, 5, 3);
	simple(INT, 5, 4);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	vgic_fold(&d, 0, 0);
	enable_lpis(0, false);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0, WORD), 2); /* RWP */
	CU_ASSERT_EQUAL(chosen(0), 0);
	CU_ASSERT_EQUAL(vgic_would(&d, 0), VGIC_NOTHING);
	CU_ASSERT_TRUE(in_table(8195) && in_table(8192 + 1023) && !in_table(8196));
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(cpu[0].lpi.some, 0); /* ignored */
	memory[PENDING_TABLE - QUEUE + 8195 / 8] = 0;
	enable_lpis(0, true); /* PTZ was said of the time before */
	configure(8192 + 1023, 0xa1);
	simple(INV, 5, 4);
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0xa0) | (8192 + 1023));
	CU_ASSERT_EQUAL(cpu[0].lr_used, 1);
	CU_ASSERT_EQUAL(memory[PENDING_TABLE - QUEUE + 1023], 0xa5);
	CU_ASSERT_EQUAL(memory[PENDING_TABLE - QUEUE + (8192 + 1024) / 8], 0x5a);
	CU_ASSERT_EQUAL(stores, 1024 / 64);
}

static void rwp_says_that_a_list_register_still_holds_one(void)
{
	one_mapping();
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	enable_lpis(0, false); /* by the other vCPU */
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0, WORD), 2 | 8);
	CU_ASSERT_FALSE(in_table(8195));
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(vgic_gicr_read(&d, 0, 0, WORD), 2);
	CU_ASSERT_TRUE(in_table(8195));
	CU_ASSERT_EQUAL(chosen(0), 0);
	/* One that was taken is pending no more. */
	memory[PENDING_TABLE - QUEUE + 8195 / 8] = 0;
	enable_lpis(0, true);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	enable_lpis(0, false);
	cpu[0].lr[0] &= ~PENDING;
	vgic_fold(&d, 0, 0);
	CU_ASSERT_FALSE(in_table(8195));
	/* Enabled again before that CPU came. */
	enable_lpis(0, true);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	enable_lpis(0, false);
	enable_lpis(0, true);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	CU_ASSERT_FALSE(in_table(8195));
}

/* A redistributor whose LPIs were never enabled has no table. */
static void what_moves_to_a_disabled_redistributor_is_lost(void)
{
	fresh_disabled();
	set(0x0, WORD, 1);
	vgic_gicr_write(&d, 0, 0, WORD, 1);
	configure(8195, 0xa1);
	mapc(0, 0);
	mapc(1, 1);
	mapd(5, 4);
	mapti(5, 3, 8195, 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	command(5UL << 32 | 0x01, 3, 1, 0); /* MOVI, while in a list register */
	vgic_fold(&d, 0, 0);
	CU_ASSERT_EQUAL(stores, 0);
	CU_ASSERT_EQUAL(cpu[0].lpi.some | cpu[1].lpi.some, 0);
}

static void a_pending_table_that_is_not_in_memory_forgets(void)
{
	one_mapping();
	enable_lpis(0, false);
	vgic_gicr_write(&d, 0, 0x78, DOUBLE, 1UL << 40);
	enable_lpis(0, true);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), LR_8195);
	enable_lpis(0, false);
	vgic_fold(&d, 0, 0);
	enable_lpis(0, true);
	CU_ASSERT_EQUAL(chosen(0), 0);
}

static void idbits_below_14_leave_no_lpi(void)
{
	fresh_disabled();
	configure(8195, 0xa1);
	for (unsigned i = 0; i < 2; i++)
		vgic_gicr_write(&d, i, 0x70, DOUBLE, CONFIG | 12);
	set(0x0, WORD, 1);
	vgic_gicr_write(&d, 0, 0, WORD, 1);
	mapc(0, 0);
	mapd(5, 4);
	mapti(5, 3, 8195, 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
}

static void list_registers_go_by_priority(void)
{
	one_mapping();
	vgic_gicr_write(&d, 0, 0x10080, WORD, ~0U);
	vgic_gicr_write(&d, 0, 0x10100, WORD, ~0U);
	vgic_gicr_write(&d, 0, 0x10400, WORD, 0x90909090);
	for (unsigned i = 4; i < 9; i++) {
		configure(8192 + i, (uint8_t)(0xa1 - 8 * (i - 3)));
		mapti(5, i, 8192 + i, 0);
		simple(INT, 5, i);
	}
	simple(INT, 5, 3);
	vgic_gicr_write(&d, 0, 0x10200, WORD, 1); /* SGI 0, 0x90: with 8197's, and before it */
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0x78) | 8200);
	CU_ASSERT_EQUAL(cpu[0].lr[1], PENDING | GROUP1 | PRIO(0x80) | 8199);
	CU_ASSERT_EQUAL(cpu[0].lr[2], PENDING | GROUP1 | PRIO(0x88) | 8198);
	CU_ASSERT_EQUAL(cpu[0].lr[3], PENDING | GROUP1 | PRIO(0x90) | 0);
	CU_ASSERT_EQUAL(cpu[0].hcr & HCR_NPIE, HCR_NPIE);
	memset(cpu[0].lr, 0, sizeof(cpu[0].lr));
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0x90) | 8197);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 7);
}

/* LPIs are of Group 1: while that is disabled, an SGI of Group 0 is before those of higher priority. */
static void lpis_of_a_disabled_group_do_not_keep_an_sgi_out(void)
{
	one_mapping();
	vgic_gicr_write(&d, 0, 0x10100, WORD, 1);
	vgic_gicr_write(&d, 0, 0x10400, WORD, 0xc0);
	for (unsigned i = 4; i < 9; i++) {
		configure(8192 + i, 0xa1);
		mapti(5, i, 8192 + i, 0);
		simple(INT, 5, i);
	}
	vgic_gicr_write(&d, 0, 0x10200, WORD, 1); /* SGI 0 */
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0xa0) | 8196);
	cpu[0].vmcr = VENG0 | VPMR(0xf0);
	CU_ASSERT_EQUAL(chosen(0), PENDING | PRIO(0xc0));
	CU_ASSERT_EQUAL(cpu[0].lr[1], PENDING | GROUP1 | PRIO(0xa0) | 8196);
	cpu[0].vmcr = VENG1 | VPMR(0xf0);
	CU_ASSERT_EQUAL(chosen(0), PENDING | GROUP1 | PRIO(0xa0) | 8196);
	CU_ASSERT_EQUAL(cpu[0].lr[3], PENDING | GROUP1 | PRIO(0xa0) | 8199);
}

static void a_pending_lpi_has_a_list_register_among_active_interrupts(void)
{
	one_mapping();
	vgic_gicr_write(&d, 0, 0x10300, WORD, 0xf); /* SGIs 0 to 3 */
	simple(INT, 5, 3);
	(void)chosen(0);
	CU_ASSERT_EQUAL(cpu[0].lr_used, 0xf);
	CU_ASSERT_EQUAL(cpu[0].lr[3], LR_8195);
}

static void new_tables_hold_no_mappings(void)
{
	one_mapping();
	set(0x0, WORD, 0);
	set(0x100, DOUBLE, VALID | 0x40080000);
	set(0x0, WORD, 1);
	mapc(0, 0);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	mapd(5, 4);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
	mapti(5, 3, 8195, 0);
	set(0x0, WORD, 0);
	set(0x108, DOUBLE, VALID | 0x40080000);
	set(0x0, WORD, 1);
	simple(INT, 5, 3);
	CU_ASSERT_EQUAL(chosen(0), 0);
}

/* Each number of a mapping is in one list, and each LPI that is pending is accounted for. */
static void check_lists(void)
{
	static bool seen[VITS_EVENTS];
	unsigned count = 0;

	memset(seen, 0, sizeof(seen));
	for (unsigned i = 0; i <= VITS_DEVICES; i++)
		for (unsigned n = i < VITS_DEVICES ? its.device[i].first : its.free; n != 0xffff;
		     n = its.event[n].next) {
			CU_ASSERT_TRUE_FATAL(n < VITS_EVENTS && !seen[n]);
			seen[n] = true;
			count++;
		}
	CU_ASSERT_EQUAL(count, VITS_EVENTS);
	for (unsigned c = 0; c < 2; c++)
		for (unsigned w = 0; w < VGIC_LPI_WORDS; w++)
			CU_ASSERT_EQUAL(cpu[c].lpi.pending[w] != 0, (cpu[c].lpi.some >> w & 1) != 0);
	for (unsigned c = 0; c < 2; c++)
		CU_ASSERT_TRUE(cpu[c].lpi.enabled || !cpu[c].lpi.some);
}

static uint64_t seed;

static uint64_t random_value(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Anything as a command, from plausible to none, and as a register write; list registers come and go in between. */
static void random_commands_and_writes_do_nothing_bad(void)
{
	const char *cases = getenv("FIRN_CASES");
	unsigned long rounds = cases ? strtoul(cases, NULL, 10) / 10 : 2000;

	seed = 0x1234567;
	fresh();
	for (unsigned long i = 0; i < rounds; i++) {
		uint64_t r = random_value();

		for (unsigned n = 0; n < 64; n++) {
			uint64_t *at = (uint64_t *)(void *)(memory + 32 * (random_value() % 256));

			at[0] = (random_value() & 7) << 32 | (random_value() & 0xf);
			at[1] = (8192 + (random_value() & 0x7f)) << 32 | (random_value() & 0xff);
			at[2] = (random_value() & (VALID | 1UL << 16 | 0xf));
			at[3] = (random_value() & (3UL << 16));
			if (random_value() % 8 == 0)
				at[random_value() % 4] ^= random_value();
		}
		memory[CONFIG - QUEUE + r % 128] = (uint8_t)random_value();
		(void)vits_write(&its, &d, 0x88, DOUBLE, random_value() & 0x1fe0);
		if (r >> 60 == 0)
			(void)vits_write(&its, &d, random_value() % 0x20000, (unsigned)(r >> 8 & 3),
					 random_value());
		if (r >> 60 == 1)
			(void)vits_write(&its, &d, r >> 8 & 0x138, DOUBLE, random_value());
		if (r >> 60 == 2) {
			fresh_disabled();
			(void)vits_write(&its, &d, 0, WORD, 1);
			vgic_gicr_write(&d, r >> 8 & 1, 0, WORD, 1);
		}
		if (r >> 60 < 5)
			vgic_gicr_write(&d, r >> 9 & 1, 0, WORD, r >> 10 & 1);
		(void)vits_read(&its, &d, 0, random_value() % 0x20000, (unsigned)(r >> 10 & 3));
		for (unsigned c = 0; c < 2; c++) {
			for (unsigned n = 0; n < 4; n++)
				if (random_value() & 1)
					cpu[c].lr[n] &= ~PENDING;
			vgic_fold(&d, c, 0);
			if (random_value() & 3)
				vgic_choose(&d, c);
		}
		check_lists();
	}
}

void register_nv_gic_its(void)
{
	CU_pSuite s = CU_add_suite("nv/gic/its", NULL, NULL);

	CU_ADD_TEST(s, registers_read_as_they_are_defined);
	CU_ADD_TEST(s, redistributor_registers);
	CU_ADD_TEST(s, an_event_is_an_lpi_that_is_pending_until_acknowledged);
	CU_ADD_TEST(s, one_that_comes_again_while_in_a_list_register);
	CU_ADD_TEST(s, the_interface_in_memory_acknowledges_lpis);
	CU_ADD_TEST(s, translater_is_device_0);
	CU_ADD_TEST(s, configuration_is_read_when_asked_for);
	CU_ADD_TEST(s, movi_takes_the_pending_state_along);
	CU_ADD_TEST(s, movi_of_what_was_moved_in_a_list_register);
	CU_ADD_TEST(s, movall_of_what_was_moved_in_a_list_register);
	CU_ADD_TEST(s, clear_and_discard_of_what_was_moved_in_a_list_register);
	CU_ADD_TEST(s, what_was_moved_and_came_again_is_moved_as_one);
	CU_ADD_TEST(s, other_commands_leave_what_was_moved_in_a_list_register);
	CU_ADD_TEST(s, movall_moves_what_is_pending);
	CU_ADD_TEST(s, clear_and_discard);
	CU_ADD_TEST(s, mapd_and_mapc_end_what_they_began);
	CU_ADD_TEST(s, mapi_has_the_intid_as_event);
	CU_ADD_TEST(s, wrong_commands_are_ignored);
	CU_ADD_TEST(s, a_full_list_takes_no_more);
	CU_ADD_TEST(s, many_commands_take_several_writes);
	CU_ADD_TEST(s, sync_waits_for_the_list_registers_of_others);
	CU_ADD_TEST(s, lpis_need_a_redistributor_that_has_them_enabled);
	CU_ADD_TEST(s, the_pending_table_is_read_without_ptz);
	CU_ADD_TEST(s, disabled_lpis_are_remembered_in_the_pending_table);
	CU_ADD_TEST(s, rwp_says_that_a_list_register_still_holds_one);
	CU_ADD_TEST(s, what_moves_to_a_disabled_redistributor_is_lost);
	CU_ADD_TEST(s, a_pending_table_that_is_not_in_memory_forgets);
	CU_ADD_TEST(s, idbits_below_14_leave_no_lpi);
	CU_ADD_TEST(s, list_registers_go_by_priority);
	CU_ADD_TEST(s, lpis_of_a_disabled_group_do_not_keep_an_sgi_out);
	CU_ADD_TEST(s, a_pending_lpi_has_a_list_register_among_active_interrupts);
	CU_ADD_TEST(s, new_tables_hold_no_mappings);
	CU_ADD_TEST(s, random_commands_and_writes_do_nothing_bad);
}
