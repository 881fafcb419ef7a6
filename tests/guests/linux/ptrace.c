/*
 * Does a Linux in L1 debug its own programs?  A child is stopped by a hardware breakpoint, stepped over instructions of every kind that
 * L0 may have a part in, and stopped by a watchpoint; each stop must be at the instruction that the architecture says.
 * Prints a line for each and exits with 0 when all were right.
 */
#define _GNU_SOURCE
#include <linux/elf.h>
#include <asm/ptrace.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS 7 /* of the child when all is done */
#define ENABLED_AT_EL0 (1 | 2 << 1)
#define FOR_INSTRUCTION (ENABLED_AT_EL0 | 0xf << 5)
#define FOR_STORE (ENABLED_AT_EL0 | 2 << 3 | 0xff << 5)

static volatile uint64_t watched __attribute__((aligned(8)));

extern const char stepped[], stepped_end[];

/* One straight line: what is between the labels has a stop behind each instruction. */
static void be_debugged(void)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	__asm__ volatile(".globl stepped, stepped_end\n"
			 "stepped:\n\t"
			 "nop\n\t"
			 "mrs	x0, ctr_el0\n\t"
			 "mrs	x0, cntvct_el0\n\t"
			 "mrs	x0, midr_el1\n\t"
			 "mrs	x0, tpidr_el0\n\t"
			 "ldr	x0, [sp]\n\t"
			 "yield\n\t"
			 "isb\n\t"
			 "fmov	d0, x0\n\t"
			 "nop\n"
			 "stepped_end:" ::
				 : "x0", "d0", "memory");
	watched = 1;
	_exit(STATUS);
}

static uint64_t pc_of(pid_t child)
{
	struct user_pt_regs r;
	struct iovec v = { &r, sizeof(r) };

	return ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &v) ? 0 : r.pc;
}

/* The first breakpoint (NT_ARM_HW_BREAK) or watchpoint (NT_ARM_HW_WATCH); control 0 takes it away. */
static void set_first(pid_t child, int set, uint64_t address, uint32_t control)
{
	struct user_hwdebug_state s = { .dbg_regs = { { .addr = address, .ctrl = control } } };
	struct iovec v = { &s, sizeof(s) - sizeof(s.dbg_regs) + sizeof(s.dbg_regs[0]) };

	if (ptrace(PTRACE_SETREGSET, child, set, &v))
		perror("PTRACE_SETREGSET");
}

/* Why did it stop: si_code of a SIGTRAP; 0 for anything else. */
static int go_on(pid_t child, int request)
{
	siginfo_t info = { 0 };
	int status;

	ptrace(request, child, 0, 0);
	waitpid(child, &status, 0);
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP || ptrace(PTRACE_GETSIGINFO, child, 0, &info))
		return 0;
	return info.si_code;
}

static int expect(const char *what, int is_right)
{
	printf("%s %s\n", what, is_right ? "right" : "wrong");
	return !is_right;
}

static int step_all(pid_t child)
{
	const uint64_t first = (uint64_t)stepped, end = (uint64_t)stepped_end;
	unsigned right = 0;

	for (uint64_t pc = first; pc < end; pc += 4)
		right += go_on(child, PTRACE_SINGLESTEP) == TRAP_TRACE && pc_of(child) == pc + 4;
	printf("steps %u of %u\n", right, (unsigned)((end - first) / 4));
	return right != (end - first) / 4;
}

int main(void)
{
	pid_t child = fork();
	int status = 0, wrong;

	if (!child)
		be_debugged();
	waitpid(child, &status, 0);
	set_first(child, NT_ARM_HW_BREAK, (uint64_t)stepped, FOR_INSTRUCTION);
	wrong = expect("breakpoint",
		       go_on(child, PTRACE_CONT) == TRAP_HWBKPT && pc_of(child) == (uint64_t)stepped);
	set_first(child, NT_ARM_HW_BREAK, 0, 0);
	wrong += step_all(child);
	set_first(child, NT_ARM_HW_WATCH, (uint64_t)&watched, FOR_STORE);
	wrong += expect("watchpoint", go_on(child, PTRACE_CONT) == TRAP_HWBKPT);
	set_first(child, NT_ARM_HW_WATCH, 0, 0);
	ptrace(PTRACE_CONT, child, 0, 0);
	waitpid(child, &status, 0);
	wrong += expect("end", WIFEXITED(status) && WEXITSTATUS(status) == STATUS);
	return wrong != 0;
}
