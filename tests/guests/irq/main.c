/*
 * Do several vCPUs of L1, which may share CPUs with each other and with other VMs, get their time, their interrupts and
 * their timers?  bootargs "case=NAME [vhe=0]"; prints "ok NAME" or a line that says what went wrong.
 *
 *  spin      counts as fast as it can between two fixed points in time: "spins N"
 *  yield     suspends itself beside another VM that does the same: "ticks per yield N", which are two switches
 *  reset     PSCI SYSTEM_RESET starts the machine again, with what it does not load left in RAM
 *  psci      CPU_ON, CPU_OFF, AFFINITY_INFO and CPU_SUSPEND, with right and wrong targets
 *  soak      SGIs in a ring of all vCPUs and a timer on each of them, waited for with WFI: none lost, doubled or early
 *  fp        V registers that differ in each vCPU stay what they are
 *  sve       Z, P and FFR with vectors of different lengths, at L1 and in a guest, stay what they are: "lengths SET"
 *  vtime     how much time passes per instruction beside another VM, and when timers fire: "ticks per 1000 instructions N"
 *  lpi       LPIs through the ITS to two vCPUs: prints how many came where after each command, which is the same on any GIC
 *  lpi_random  after random commands to the ITS each LPI comes once, where it was sent
 *  rtc       a PL031 that is assigned: its interrupts come once, ended in each way there is, at L1 and by its guest
 *  rtc_reset  resets with its interrupt pending, active, or its guest's: it is as at power-on, and works
 *  serror    an SError that the test makes of an hvc: taken once, and not lost while masked
 *  timers    each timer under each name that vEL2 has for it, armed and left alone: in time, once, and not when its line has fallen
 *  level     a timer whose interrupt is ended and whose line stays high, for a while
 *  edu       an assigned device that moves data, of QEMU: what it reaches, what it does not, and its messages
 *  edu_smmu  that device behind L1's own SMMU, whose tables have some addresses, and then not
 *  edu_garbage  that SMMU given nonsense in registers, queues and tables: then the device works as before
 *  edu_flood that device sends messages without end, for a while; then each comes as before
 *  edu_beside  the VM whose time that takes
 *  edu_bar   that device writes to a BAR that goes away while it does
 *  edu_l2    that device is its guest's, behind L1's SMMU: what it reaches, before and after L1 has taken it away
 *  nvme_holes  a controller some of whose registers do not answer: an abort, also where L0 makes the access
 *  nvme_reset  a controller at work is reset by L1: nothing of it arrives any more
 *  nvme_unmap  one vCPU keeps a controller at work, another one takes its pages away, and nothing of it arrives there
 *  nvme_l2   the same with a controller that is its guest's
 *  edu_reset that device after a reset of the VM, which was cut off before
 *  virtio_reset  a device without Function Level Reset: what is in its own registers after a reset by L1, and after one of the VM
 *  storm     random values to every ICH, CNT and GIC register from all vCPUs at once, then an interrupt still comes
 */
#include "tests/guests/irq/irq.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define NAME_MAX 16

static const struct {
	char name[NAME_MAX];
	void (*run)(void);
} cases[] = {
	{ "spin", irq_spin },
	{ "yield", irq_yield },
	{ "reset", irq_reset },
	{ "psci", irq_psci },
	{ "soak", irq_soak },
	{ "fp", irq_fp },
	{ "storm", irq_storm },
	{ "sve", irq_sve },
	{ "vtime", irq_vtime },
	{ "lpi", irq_lpi },
	{ "rtc", irq_rtc },
	{ "lpi_random", irq_lpi_random },
	{ "rtc_reset", irq_rtc_reset },
	{ "serror", irq_serror },
	{ "timers", irq_timers },
	{ "level", irq_level },
	{ "edu", irq_edu },
	{ "edu_reset", irq_edu_reset },
	{ "edu_smmu", irq_edu_smmu },
	{ "edu_garbage", irq_edu_garbage },
	{ "edu_flood", irq_edu_flood },
	{ "edu_beside", irq_edu_beside },
	{ "edu_bar", irq_edu_bar },
	{ "edu_l2", irq_edu_l2 },
	{ "nvme_holes", irq_nvme_holes },
	{ "nvme_reset", irq_nvme_reset },
	{ "nvme_unmap", irq_nvme_unmap },
	{ "nvme_l2", irq_nvme_l2 },
	{ "virtio_reset", irq_virtio_reset },
};

void guest_main(void)
{
	char name[NAME_MAX];
	bool vhe = !rt_arg("vhe", name, sizeof(name)) || name[0] != '0';

	write_sysreg(HCR_EL2, HCR_RW | (vhe ? HCR_E2H : 0));
	isb();
	write_sysreg(CPTR_EL2, vhe ? CPACR_FPEN : CPTR_NVHE_RES1);
	isb();
	rt_arg("case", name, sizeof(name));
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(cases[i].name, name) != 0)
			continue;
		cases[i].run();
		rt_print("ok %s\n", name);
		return;
	}
	rt_fail("no such case: %s", name);
}
