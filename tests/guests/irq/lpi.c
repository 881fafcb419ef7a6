/*
 * What does each command of the ITS do to the LPIs of two vCPUs?  Lines "= WHAT ..." that are the same on every GIC with an ITS:
 * tests/qemu/irq compares those of the bare machine with firn's.  Reads: its.h.  Next: lpi_random.c.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"
#include "tests/guests/irq/its.h"

#define DEVICE 7U
#define BY_INTID 6U /* a device whose events are INTIDs: MAPI */
#define FENCES 5U   /* one whose event n is the fence of vCPU n */
#define UNMAPPED 9U
#define EVENT_BITS 10
#define EVENTS (ITS_LPIS - ITS_CPUS)
#define FENCE(cpu) (EVENTS + (cpu)) /* the last LPIs */
/* Collection n is vCPU n's, and so is FENCE_COLLECTION + n, which stays so. */
#define FENCE_COLLECTION 2U
#define UNMAPPED_COLLECTION 4U
#define GICR_CTLR 0x0
#define GITS_TYPER_SAME (BIT(0) | BIT(1) | BITS(19, 18)) /* Physical, Virtual, SEIS, PTA */

/*
 * An LPI of lower priority than all others is sent to each vCPU, after all else: when it comes, whatever was pending there has
 * come before.
 */
static void settle(void)
{
	for (unsigned cpu = 0; cpu < ITS_CPUS; cpu++)
		its_put_event(INT, FENCES, cpu, 0);
	its_run();
	while (!lpi_taken[FENCE(0)] || !lpi_taken[FENCE(1)])
		lpis_take(0);
}

/* Of each vCPU: how many came how often, from where to where. */
static void show(const char *what)
{
	settle();
	for (unsigned cpu = 0; cpu < ITS_CPUS; cpu++) {
		unsigned lpis = 0, times = 0, first = 0, last = 0, sum = 0;

		for (unsigned i = 0; i < EVENTS; i++) {
			if (!lpi_taken[i] || lpi_taken_by[i] != cpu)
				continue;
			first = lpis++ ? first : i;
			last = i;
			sum += i;
			times += lpi_taken[i];
		}
		rt_print("= %s, vCPU %u: %u LPIs, %u times, event %u to %u, sum %u\n", what, cpu, lpis, times,
			 first, last, sum);
	}
	lpis_forget();
}

static void each(enum its_command c, unsigned first, unsigned last, uint32_t collection)
{
	for (unsigned i = first; i <= last; i++)
		its_put_event(c, DEVICE, i, collection);
}

/* Pending, while no IRQs are taken here. */
static void pend(unsigned first, unsigned last)
{
	each(INT, first, last, 0);
	its_run();
}

/* --- what is tried --- */

static void registers(void)
{
	rt_print("= GITS_TYPER 0x%lx\n", its_read64(GITS_TYPER) & GITS_TYPER_SAME);
	for (unsigned n = 0; n < 8; n++)
		rt_print("= GITS_BASER%u type %u\n", n, (unsigned)(its_read64(GITS_BASER + 8 * n) >> 56 & 7));
	rt_print("= GITS_CTLR 0x%x\n", mmio_read(its_frame() + GITS_CTLR) & 1);
	rt_print("= GITS_CREADR 0x%lx\n", its_read64(GITS_CREADR));
	rt_print("= GITS_CWRITER 0x%lx\n", its_read64(GITS_CWRITER));
	rt_print("= GITS_CBASER is %s\n",
		 (its_read64(GITS_CBASER) & (BITS(51, 12) | BITS(7, 0) | ITS_VALID)) ==
				 ((uint64_t)its_queue | (ITS_QUEUE_PAGES - 1) | ITS_VALID) ?
			 "what was written" :
			 "something else");
	rt_print("= GICD_TYPER.LPIS %u\n", mmio_read(rt_machine()->gicd + 4) >> 17 & 1);
	for (unsigned cpu = 0; cpu < ITS_CPUS; cpu++)
		rt_print("= GICR_CTLR.{CES,EnableLPIs} of vCPU %u %u\n", cpu,
			 mmio_read(gic_redistributor(cpu) + GICR_CTLR) & 3);
}

static void at_reset(void)
{
	for (unsigned n = 0; n < 2; n++)
		rt_print("= GITS_BASER%u at reset: page size %lu\n", n,
			 field_get(BITS(9, 8), its_read64(GITS_BASER + 8 * n)));
	rt_print("= GICR_CTLR at reset 0x%x\n", mmio_read(gic_redistributor(0) + GICR_CTLR));
}

static void map_fences(void)
{
	its_map_device(FENCES, 1);
	for (unsigned cpu = 0; cpu < ITS_CPUS; cpu++) {
		its_config[FENCE(cpu)] = LPI_ENABLED | LPI_BELOW;
		its_map_collection(FENCE_COLLECTION + cpu, cpu);
		its_map_event(FENCES, cpu, ITS_FIRST_LPI + FENCE(cpu), FENCE_COLLECTION + cpu);
		its_put_event(INV, FENCES, cpu, 0);
	}
	its_run();
}

static void map_all(void)
{
	its_map_collection(0, 0);
	its_map_collection(1, 1);
	its_map_device(DEVICE, EVENT_BITS);
	for (unsigned i = 0; i < EVENTS; i++)
		its_map_event(DEVICE, i, ITS_FIRST_LPI + i, i & 1);
	its_run();
}

static void raise(void)
{
	each(INT, 0, EVENTS - 1, 0);
	show("INT");
	pend(0, 0);
	pend(0, 0);
	show("INT of one that is pending");
}

static void move(void)
{
	each(MOVI, 0, 63, 1);
	each(INT, 0, 63, 0);
	show("MOVI to vCPU 1");
	each(MOVI, 0, 63, 0);
	pend(0, 63);
	each(MOVI, 0, 31, 1);
	show("MOVI of pending ones");
	each(MOVI, 0, 63, 0);
	pend(0, 63);
	its_put(MOVALL, 0, 0, UINT64_C(1) << 16);
	show("MOVALL");
	each(INT, 0, 63, 0);
	show("INT after MOVALL");
	each(MOVI, 0, 63, UNMAPPED_COLLECTION);
	each(INT, 0, 63, 0);
	show("MOVI to a collection that is not mapped");
}

static void take_back(void)
{
	pend(0, 63);
	each(CLEAR, 0, 31, 0);
	show("CLEAR");
	pend(0, 63);
	each(DISCARD, 32, 63, 0);
	each(INT, 32, 63, 0);
	show("DISCARD");
	for (unsigned i = 32; i < 64; i++)
		its_map_event(DEVICE, i, ITS_FIRST_LPI + i, 0);
	each(INT, 32, 63, 0);
	show("MAPTI after it");
}

/* It is pending at vCPU 1, which does not take it and has it before its eyes: in a list register, where there are such. */
static void pend_at_second(uint32_t event)
{
	each(MOVI, event, event, 1);
	its_run();
	lpis_hold_second();
	pend(event, event);
	lpis_wait_second(ITS_FIRST_LPI + event);
}

/* All commands that were put before, and what they have left. */
static void let_second(const char *what)
{
	its_run();
	lpis_let_second();
	show(what);
}

/* Commands to one that was moved, before the CPU that it was moved away from has noticed. */
static void move_on(void)
{
	pend_at_second(1);
	each(MOVI, 1, 1, 0);
	let_second("MOVI of one that vCPU 1 has before its eyes");
	pend_at_second(2);
	each(MOVI, 2, 2, 0);
	each(MOVI, 2, 2, 1);
	let_second("MOVI to vCPU 0 and back");
	pend_at_second(3);
	each(MOVI, 3, 3, 0);
	its_put(MOVALL, 0, 0, UINT64_C(1) << 16);
	let_second("MOVI to vCPU 0, MOVALL back");
	pend_at_second(4);
	each(MOVI, 4, 4, 0);
	each(CLEAR, 4, 4, 0);
	let_second("MOVI, CLEAR");
	pend_at_second(5);
	each(MOVI, 5, 5, 0);
	each(DISCARD, 5, 5, 0);
	let_second("MOVI, DISCARD");
	its_map_event(DEVICE, 5, ITS_FIRST_LPI + 5, 0);
	each(MOVI, 0, 5, 0);
	each(INT, 0, 5, 0);
	show("INT after these");
}

/* A disabled LPI waits; a priority makes the one that has it the first. */
static void reconfigure(void)
{
	for (unsigned i = 0; i < 16; i++)
		its_config[i] = LPI_PRIORITY;
	each(INV, 0, 15, 0);
	each(INT, 0, 15, 0);
	show("INV, disabled");
	for (unsigned i = 0; i < 8; i++)
		its_config[i] = LPI_ENABLED | LPI_PRIORITY;
	each(INV, 0, 7, 0);
	show("INV, enabled");
	for (unsigned i = 8; i < 16; i++)
		its_config[i] = LPI_ENABLED | (i == 11 ? LPI_ABOVE : LPI_PRIORITY);
	its_put(INVALL, 0, 0, 0);
	its_run();
	lpis_take(0);
	rt_print("= INVALL, first event %u\n", lpi_order[0] - ITS_FIRST_LPI);
	show("INVALL");
	its_config[11] = LPI_ENABLED | LPI_PRIORITY;
	each(INV, 11, 11, 0);
	its_run();
}

static uint32_t acknowledge(void)
{
	uint32_t intid = (uint32_t)read_sysreg(ICC_IAR1_EL1);

	dsb(sy);
	return intid;
}

static void end(uint32_t intid)
{
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
}

static void show_interface(const char *what)
{
	uint64_t highest, running;

	isb();
	highest = read_sysreg(ICC_HPPIR1_EL1);
	running = read_sysreg(ICC_RPR_EL1);
	rt_print("= %s: HPPIR1 %lu, RPR 0x%lx, IAR1 %u\n", what, highest, running, acknowledge());
}

/* Priorities and the interface: an LPI has no active state, but a running priority. */
static void run_interface(void)
{
	its_config[2] = LPI_ENABLED | LPI_ABOVE;
	each(INV, 2, 2, 0);
	pend(0, 0);
	show_interface("one LPI");
	pend(0, 0);
	show_interface("it came again, while the first one runs");
	pend(2, 2);
	show_interface("one of a higher priority");
	show_interface("while that runs");
	end(ITS_FIRST_LPI + 2);
	show_interface("that one ended");
	end(ITS_FIRST_LPI);
	show_interface("both ended");
	end(ITS_FIRST_LPI);
	show_interface("all ended");
	write_sysreg(ICC_PMR_EL1, LPI_PRIORITY);
	pend(0, 0);
	show_interface("of the priority in PMR");
	write_sysreg(ICC_PMR_EL1, LPI_PRIORITY + 8);
	show_interface("above PMR");
	end(ITS_FIRST_LPI);
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_IGRPEN1_EL1, 0);
	pend(0, 0);
	show_interface("Group 1 disabled");
	write_sysreg(ICC_IGRPEN1_EL1, 1);
	write_sysreg(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	show_interface("and enabled");
	end(ITS_FIRST_LPI);
	pend(0, 0);
	show_interface("EOImode 1, dropped and not deactivated");
	end(ITS_FIRST_LPI);
	write_sysreg(ICC_DIR_EL1, ITS_FIRST_LPI);
	show_interface("deactivated");
	write_sysreg(ICC_CTLR_EL1, 0);
	its_config[2] = LPI_ENABLED | LPI_PRIORITY;
	each(INV, 2, 2, 0);
	show("all of the interface");
}

/* Events of what is not mapped any more, and again. */
static void unmap(void)
{
	its_put(MAPC, 0, 0, 0);
	each(INT, 0, 63, 0);
	show("MAPC with V = 0");
	its_map_collection(0, 1);
	each(INT, 0, 63, 0);
	show("MAPC to vCPU 1");
	its_put((uint64_t)DEVICE << 32 | MAPD, 0, 0, 0);
	each(INT, 0, 63, 0);
	show("MAPD with V = 0");
	its_map_device(DEVICE, EVENT_BITS);
	each(INT, 0, 63, 0);
	show("MAPD with an empty ITT");
	its_map_collection(0, 0);
	for (unsigned i = 0; i < 64; i++)
		its_map_event(DEVICE, i, ITS_FIRST_LPI + i, 0);
	each(INT, 0, 63, 0);
	show("MAPTI again");
}

/* Each is ignored, or has no effect; the one behind it has. */
static void wrong_ones(void)
{
	static const struct {
		const char *what;
		uint64_t word[4], then; /* an INT of this event of DEVICE follows */
	} wrong[] = {
		{ "INT of a device that is not mapped", { (uint64_t)UNMAPPED << 32 | INT, 1 }, 1 },
		{ "INT of an event that is not mapped", { (uint64_t)DEVICE << 32 | INT, 100 }, 2 },
		{ "INT of an event beyond the device's", { (uint64_t)DEVICE << 32 | INT, 5000 }, 3 },
		{ "CLEAR of an event that is not mapped", { (uint64_t)DEVICE << 32 | CLEAR, 100 }, 4 },
		{ "DISCARD of an event that is not mapped", { (uint64_t)DEVICE << 32 | DISCARD, 100 }, 5 },
		{ "MAPTI to an SPI", { (uint64_t)DEVICE << 32 | MAPTI, UINT64_C(40) << 32 | 101 }, 101 },
		{ "MAPTI of an event beyond the device's",
		  { (uint64_t)DEVICE << 32 | MAPTI, UINT64_C(8300) << 32 | 5000 },
		  5000 },
		{ "MAPTI for a device that is not mapped",
		  { (uint64_t)UNMAPPED << 32 | MAPTI, UINT64_C(8300) << 32 | 1 },
		  6 },
		{ "MAPC to a vCPU that there is not",
		  { MAPC, 0, ITS_VALID | 500 << 16 | UNMAPPED_COLLECTION },
		  7 },
		{ "MAPTI to a collection that is not mapped",
		  { (uint64_t)DEVICE << 32 | MAPTI, UINT64_C(8300) << 32 | 102, UNMAPPED_COLLECTION },
		  102 },
		{ "no command", { 0x3f }, 8 },
	};

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		its_put(wrong[i].word[0], wrong[i].word[1], wrong[i].word[2], wrong[i].word[3]);
		its_put_event(INT, DEVICE, (uint32_t)wrong[i].then, 0);
		its_put_event(INT, DEVICE, 20, 0);
		show(wrong[i].what);
	}
}

static void mapi(void)
{
	its_map_device(BY_INTID, 14);
	its_put((uint64_t)BY_INTID << 32 | MAPI, ITS_FIRST_LPI + 200, 1, 0);
	its_put_event(INT, BY_INTID, ITS_FIRST_LPI + 200, 0);
	show("MAPI");
}

static void show_table(const char *when)
{
	unsigned count = 0, sum = 0;

	for (unsigned i = 0; i < EVENTS; i++)
		if (lpi_is_in_table(0, ITS_FIRST_LPI + i)) {
			count++;
			sum += i;
		}
	rt_print("= %s: EnableLPIs %u, %u in the pending table, sum %u\n", when,
		 mmio_read(gic_redistributor(0) + GICR_CTLR) & 1, count, sum);
}

/* What is pending when vCPU 0 has its LPIs disabled is in memory, and comes when they are enabled again. */
static void disable(void)
{
	pend(0, 39); /* the even ones are vCPU 0's; the others are taken meanwhile */
	rt_print("= before: HPPIR1 %lu\n", read_sysreg(ICC_HPPIR1_EL1));
	lpis_disable(0);
	isb();
	rt_print("= EnableLPIs cleared: HPPIR1 %lu\n", read_sysreg(ICC_HPPIR1_EL1));
	show_table("EnableLPIs cleared");
	pend(50, 59); /* of these, vCPU 0's are lost */
	show_table("INT while it is clear");
	lpi_pend_in_table(0, ITS_FIRST_LPI + 61); /* software may change what is there */
	lpis_enable(0);
	show("EnableLPIs set again");
	lpis_disable(0);
	show_table("cleared with nothing pending");
	lpis_enable(0);
	show("and set");
}

/* A CPU's store is device 0's. */
static void translate(void)
{
	its_map_device(0, 4);
	its_map_event(0, 5, ITS_FIRST_LPI + 300, 1);
	its_run();
	mmio_write(its_frame() + GITS_TRANSLATER, 5);
	show("GITS_TRANSLATER");
	__asm__ volatile("strh %w0, [%1]" ::"r"(5), "r"(its_frame() + GITS_TRANSLATER) : "memory");
	show("GITS_TRANSLATER, 16 bits");
	mmio_write(its_frame() + GITS_TRANSLATER, 6);
	show("GITS_TRANSLATER, an event that is not mapped");
	its_off();
	mmio_write(its_frame() + GITS_TRANSLATER, 5);
	its_on();
	map_fences();
	show("GITS_TRANSLATER while the ITS is off");
}

void irq_lpi(void)
{
	its_memory();
	at_reset();
	its_on();
	for (uint32_t i = 400; i < 420; i++)
		lpi_pend_in_table(1, ITS_FIRST_LPI + i);
	lpis_on(0);
	lpis_start_second();
	registers();
	map_fences();
	show("pending table");
	map_all();
	raise();
	move();
	take_back();
	move_on();
	reconfigure();
	disable();
	run_interface();
	unmap();
	wrong_ones();
	mapi();
	translate();
	lpis_stop_second();
}
