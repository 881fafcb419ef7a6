/*
 * What else may a hypervisor do to its guest?  host: a program of its own, and no guest.  ident: which CPU the guest is told that it has.
 * lazy: registers that are switched when they are used.  bit: an interrupt without a list register.  forget: translations that are no
 * longer good.  clock: a counter with an offset, and one without.  What runs between become_guest and leave_guest is the guest, and what runs between become_program and leave_program
 * is a program at EL0 (guests_entry.S).
 */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define STACK_BYTES 4096
#define INSTRUCTION_SIZE 4
#define EL2H_MASKED (SPSR_M_EL2H | PSTATE_DAIF)
#define GUEST (HCR_RW | HCR_E2H | HCR_IMO | HCR_FMO | HCR_AMO | HCR_VM)

/* guests_entry.S */
extern const char guest_vectors[];
void become_guest(uint64_t stack);
void leave_guest(void);
void become_program(uint64_t stack);
void leave_program(void);

static uint64_t stack;

static uint64_t new_stack(void)
{
	return (uint64_t)rt_page() + STACK_BYTES;
}

/* Who comes back by a call is at this level from then on, behind it. */
static bool is_back(struct rt_frame *frame, uint64_t class)
{
	if (field_get(ESR_EC, frame->esr) != class)
		return false;
	frame->pstate = EL2H_MASKED;
	return true;
}

static void set_hcr(uint64_t hcr)
{
	write_sysreg(HCR_EL2, hcr);
	isb();
}

/* A guest at EL1, MMU off, in this level's RAM. */
static void guest_begin(rt_hook on_exit)
{
	struct guest_memory memory = guest_memory();

	stack = new_stack();
	rt_set_hook(RT_LOWER_SYNC, on_exit);
	write_sysreg(VTCR_EL2, memory.vtcr);
	write_sysreg(VTTBR_EL2, memory.vttbr);
	write_sysreg(SCTLR_EL12, SCTLR_EL1_RES1);
	write_sysreg(VBAR_EL12, guest_vectors);
}

/* --- host --- */

static bool on_call(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	return is_back(frame, EC_SVC64);
}

void host_begin(void)
{
	stack = new_stack();
	rt_set_hook(RT_LOWER_SYNC, on_call);
}

/* With TGE the call of a program at EL0 comes to EL2, as it comes to EL1 in a kernel without a hypervisor. */
void host_once(void)
{
	set_hcr(HCR_RW | HCR_E2H | HCR_TGE);
	become_program(stack);
	leave_program();
}

void host_end(void)
{
}

/* --- ident --- */

#define SOME_CPU UINT64_C(0x410fd0f0)

/* The read of an ID register: the guest is told that there are no features at all. */
static bool on_id(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	if (field_get(ESR_EC, frame->esr) != EC_SYS64)
		return is_back(frame, EC_HVC64);
	frame->x[field_get(ESR_SYS64_RT, frame->esr)] = 0;
	frame->pc += INSTRUCTION_SIZE;
	return true;
}

void ident_begin(void)
{
	guest_begin(on_id);
	write_sysreg(VPIDR_EL2, SOME_CPU);
	ident_once(); /* the first time, the shadow stage 2 lacks pages */
}

void ident_once(void)
{
	uint64_t midr, features;

	set_hcr(GUEST | HCR_TID3);
	become_guest(stack);
	midr = read_sysreg(MIDR_EL1);
	features = read_sysreg(ID_AA64ISAR0_EL1);
	leave_guest();
	if (midr != SOME_CPU || (features && read_sysreg(HCR_EL2) & HCR_TID3))
		rt_fail("ident MIDR_EL1 0x%lx ID_AA64ISAR0_EL1 0x%lx", midr, features);
}

void ident_end(void)
{
}

/* --- lazy --- */

/* The guest uses its translation registers: from now on they are its own, and the instruction is done again. */
static bool on_first_use(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	if (field_get(ESR_EC, frame->esr) != EC_SYS64)
		return is_back(frame, EC_HVC64);
	write_sysreg(HCR_EL2, GUEST);
	return true;
}

void lazy_begin(void)
{
	guest_begin(on_first_use);
	lazy_once();
}

void lazy_once(void)
{
	set_hcr(GUEST | HCR_TVM);
	become_guest(stack);
	write_sysreg(TTBR0_EL1, 0);
	write_sysreg(TTBR1_EL1, 0);
	write_sysreg(TCR_EL1, 0);
	write_sysreg(MAIR_EL1, 0);
	leave_guest();
}

void lazy_end(void)
{
}

/* --- bit --- */

/* The guest's vector for interrupts calls HVC #1: what it was interrupted for is over. */
static bool on_taken(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	if (field_get(ESR_EC, frame->esr) != EC_HVC64 || !(frame->esr & ESR_IMM16))
		return is_back(frame, EC_HVC64);
	write_sysreg(HCR_EL2, GUEST);
	return true;
}

void bit_begin(void)
{
	guest_begin(on_taken);
	bit_once();
}

void bit_once(void)
{
	set_hcr(GUEST | HCR_VI);
	become_guest(stack);
	write_sysreg(daif, PSTATE_DAIF & ~PSTATE_I);
	write_sysreg(daif, PSTATE_DAIF);
	leave_guest();
}

void bit_end(void)
{
}

/* --- forget --- */

static bool on_return(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	return is_back(frame, EC_HVC64);
}

void forget_begin(void)
{
	guest_begin(on_return);
	forget_once();
}

/* All translations of this VMID, of both stages. */
void forget_once(void)
{
	set_hcr(GUEST);
	__asm__ volatile("tlbi vmalls12e1" ::: "memory");
	dsb(nsh);
	isb();
	become_guest(stack);
	leave_guest();
}

void forget_end(void)
{
}

/* --- clock --- */

#define OFFSET UINT64_C(0x100000) /* less than the time that has passed */

/* What the guest wants of the physical timer, this level would note. */
static bool on_timer(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	if (field_get(ESR_EC, frame->esr) != EC_SYS64)
		return is_back(frame, EC_HVC64);
	frame->pc += INSTRUCTION_SIZE;
	return true;
}

void clock_begin(void)
{
	guest_begin(on_timer);
	write_sysreg(CNTVOFF_EL2, OFFSET);
	write_sysreg(CNTHCTL_EL2, CNTHCTL_EL1PCTEN); /* the counter, and not the timer */
	clock_once();
}

/* Both timers are switched off, which they are: the instruction is what counts. */
void clock_once(void)
{
	uint64_t physical, virtual;

	set_hcr(GUEST);
	become_guest(stack);
	physical = read_sysreg(CNTPCT_EL0);
	virtual = read_sysreg(CNTVCT_EL0);
	write_sysreg(CNTV_CTL_EL0, 0);
	write_sysreg(CNTP_CTL_EL0, 0);
	leave_guest();
	if (virtual + OFFSET < physical || virtual >= physical)
		rt_fail("clock CNTPCT_EL0 0x%lx CNTVCT_EL0 0x%lx", physical, virtual);
}

void clock_end(void)
{
}
