/* In what order does L0 come up?  One line per subsystem.  Next: host/create/vms.c, then host/run/run.c. */
#include "host/boot/main.h"

#include <libfdt.h>

#include "host/boot/cpus.h"
#include "host/core/features.h"
#include "host/core/gic.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/core/places.h"
#include "host/core/smmu.h"
#include "host/create/vms.h"
#include "host/machine/cpu.h"
#include "host/machine/fdt.h"
#include "host/machine/layout.h"
#include "host/machine/psci.h"
#include "host/machine/spinlock.h"
#include "host/machine/sysreg.h"
#include "host/machine/uart.h"
#include "host/record/ledger.h"
#include "host/record/trace.h"
#include "host/report/panic.h"
#include "host/report/print.h"
#include "host/run/power.h"
#include "host/run/run.h"
#include "host/vm/queue.h"
#include "host/world/reset.h"

#define UART_BYTES 0x48 /* up to the last register that is used */

extern char vectors[], secondary_start[];
extern const uint32_t ledger_untimed_instructions; /* host/run/vectors.S */

static const void *fdt;

/* The first PL011 of the tree is the console. Without one nothing is said. */
static void init_console(void)
{
	int node = fdt_compatible(fdt, "arm,pl011");
	uint64_t base, size;

	if (node < 0 || !fdt_reg(fdt, node, 0, &base, &size) || base % PAGE_SIZE || base > BIT(40) ||
	    size < UART_BYTES || size > BIT(20))
		return;
	places_enter("the console", base, size);
	uart_init(mmu_map_device((pa_t){ base }, size), fdt_intid(fdt, node, 0));
}

static void enable_console_input(void)
{
	if (!uart_intid())
		return;
	uart_enable_input();
	gic_enable(uart_intid(), this_cpu()->index);
}

#ifdef FIRN_DEBUG
static _Noreturn void lock_order(const char *lock, uint32_t held)
{
	panic("lock order: %s is taken while one of its rank or a later one is held (from its rank on: %x)",
	      lock, held);
}
#endif

/* What boot found, as a line for who started L0 in a way that cannot work. */
static void refuse(uint64_t level)
{
	if (level == BOOT_AT_EL1)
		stop("started at EL1: a hypervisor needs EL2. Use -machine virt,virtualization=on");
	if (level == BOOT_AT_EL3)
		stop("started at EL3: firn is a hypervisor, and needs firmware that has EL3. Use -machine secure=off, or start it with -kernel");
	if (level == BOOT_WITHOUT_VHE)
		stop("this CPU (MIDR_EL1 %lx) has no FEAT_VHE and no FEAT_NV. Use -cpu max, neoverse-v1 or neoverse-n2",
		     read_sysreg(MIDR_EL1));
}

static void banner(void)
{
	const struct cpu_features *f = cpu_features();

	print("firn: EL2, %u CPUs, %lu MiB, FEAT_NV%s, %u list registers, %u-bit VMIDs\n", cpu_count(),
	      memory_total() >> 20, f->nv2 ? "2" : "", f->lr_count, f->vmid_bits);
}

/* On the CPU's own stack. */
static void start(void)
{
	struct quiet_instructions untold = { traced_instructions,
					     entry_rest_instructions + ledger_untimed_instructions };

	gic_init(fdt);	/* distributor, INTIDs */
	gic_init_cpu(); /* redistributor, CPU interface */
	enable_console_input();
	cpus_start_others(secondary_start);	  /* the other CPUs park */
	ledger_init(ledger_untimed_instructions); /* counts that the host side reads */
	if (trace_init(fdt, untold))		  /* events that the host side reads */
		cpus_set_run_exit(run_exit_traced);
	panic_describes(vcpu_describe);
	banner();
	smmu_init(fdt);	 /* devices access no memory */
	queue_init();	 /* who runs where */
	vms_create(fdt); /* VMs of the device tree */
	power_on_all();	 /* each with its first vCPU */
	run_cpu();	 /* and this CPU takes a vCPU, as the others do */
}

_Noreturn void boot_main(uint64_t fdt_pa, uint64_t pa, uint64_t level)
{
	const void *low = (const void *)fdt_pa; /* in the low half until mmu_map_memory */

	image_pa = pa;
	write_sysreg(VBAR_EL1, (uint64_t)vectors); /* VBAR_EL2 with E2H=1 */
	if (fdt_check_header(low))
		for (;;)
			wfi(); /* no device tree, no console: nothing can be said */
	mmu_init();	       /* L0's own translations */
	fdt = low;
	psci_init(fdt); /* how to switch the machine off */
	init_console(); /* messages from here on */
	refuse(level);
#ifdef FIRN_DEBUG
	spin_out_of_order = lock_order;
#endif
	cpu_features_init(); /* what the CPUs can do */
	places_check_memory(fdt, fdt_pa, BIT(cpu_features()->pa_bits));
	mmu_map_memory(fdt);
	fdt = pa_to_va((pa_t){ fdt_pa });
	cpus_init(fdt);	 /* this CPU, and what others there are */
	pages_init(fdt); /* free memory */
	cpu_call_on_stack(this_cpu()->stack_top, start);
}
