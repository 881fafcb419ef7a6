/*
 * Do performance monitors count what they should in this Linux, and interrupt?  Each check is of one instruction stream whose length
 * is known, so a machine whose CPU counts instructions (QEMU with -icount) is asked for. Prints a line for each and exits with 0
 * when all were right.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROUNDS UINT64_C(1000000)
#define INSTRUCTIONS_PER_ROUND 2
#define PERIOD UINT64_C(50000)
#define SLACK 2000 /* around what is counted: the calls that start and end it */

enum levels {
	USER = 1,
	KERNEL = 2,
};

static int failures;

static void check(bool right, const char *what, uint64_t value)
{
	printf("%s %s: %llu\n", right ? "ok" : "not ok", what, (unsigned long long)value);
	failures += !right;
}

static void loop(uint64_t rounds)
{
	__asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(rounds) : : "cc");
}

static int open_event(uint64_t event, enum levels levels, uint64_t period)
{
	struct perf_event_attr a = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(a),
		.config = event,
		.disabled = 1,
		.exclude_user = !(levels & USER),
		.exclude_kernel = !(levels & KERNEL),
		.exclude_hv = !(levels & KERNEL),
		.sample_period = period,
		.wakeup_events = 1,
	};

	return (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static uint64_t read_event(int fd)
{
	uint64_t value = 0;

	return read(fd, &value, sizeof(value)) == sizeof(value) ? value : 0;
}

/* The event while work(n) runs; ~0: there is no such counter. */
static uint64_t count(uint64_t event, enum levels levels, void (*work)(uint64_t), uint64_t n)
{
	int fd = open_event(event, levels, 0);
	uint64_t value;

	if (fd < 0)
		return UINT64_MAX;
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	work(n);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	value = read_event(fd);
	close(fd);
	return value;
}

/* What n rounds more add is known to the instruction, however much the calls around them take. */
static uint64_t added(uint64_t event, enum levels levels, void (*work)(uint64_t), uint64_t n)
{
	uint64_t once = count(event, levels, work, n), twice = count(event, levels, work, 2 * n);

	return once == UINT64_MAX || twice < once ? UINT64_MAX : twice - once;
}

static void call(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		syscall(SYS_getppid);
}

static bool is_about(uint64_t value, uint64_t expected)
{
	return value + SLACK >= expected && value <= expected + SLACK;
}

static void user_level(void)
{
	uint64_t expected = ROUNDS * INSTRUCTIONS_PER_ROUND, cycles;
	uint64_t instructions = added(PERF_COUNT_HW_INSTRUCTIONS, USER, loop, ROUNDS);

	check(is_about(instructions, expected), "instructions of a loop at EL0", instructions);
	cycles = added(PERF_COUNT_HW_CPU_CYCLES, USER, loop, ROUNDS);
	check(cycles != UINT64_MAX && cycles >= expected / 2 && cycles < 64 * expected, "cycles of it",
	      cycles);
}

/* A loop at EL0 is nothing to a counter of the kernel's, and system calls are: more than the instructions of EL0 around them. */
static void kernel_level(void)
{
	uint64_t of_loop = count(PERF_COUNT_HW_INSTRUCTIONS, KERNEL, loop, ROUNDS);
	uint64_t of_user = added(PERF_COUNT_HW_INSTRUCTIONS, USER, call, 1000);
	uint64_t of_kernel = added(PERF_COUNT_HW_INSTRUCTIONS, KERNEL, call, 1000);

	check(of_loop < ROUNDS, "instructions of the kernel in a loop at EL0", of_loop);
	check(of_user < 40000, "instructions of EL0 in 1000 calls", of_user);
	check(of_kernel > 40000 && of_kernel != UINT64_MAX, "instructions of the kernel in 1000 calls",
	      of_kernel);
}

static volatile sig_atomic_t signals;

static void overflowed(int signal)
{
	(void)signal;
	signals++;
}

/* QEMU 10.0 with -icount looks one instruction too early for an overflow, and then not before the next exception. */
static void overflow(void)
{
	uint64_t expected = ROUNDS * INSTRUCTIONS_PER_ROUND / PERIOD;
	struct sigaction action = { .sa_handler = overflowed };
	int fd = open_event(PERF_COUNT_HW_INSTRUCTIONS, USER, PERIOD);

	sigaction(SIGIO, &action, NULL);
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK);
	ioctl(fd, PERF_EVENT_IOC_REFRESH, 1000);
	for (uint64_t i = 0; i < 10 * expected; i++) {
		loop(PERIOD / 10 / INSTRUCTIONS_PER_ROUND);
		syscall(SYS_getppid);
	}
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	check(fd >= 0 && (uint64_t)signals >= expected * 8 / 10 && (uint64_t)signals <= expected + 2,
	      "overflows, a signal each", (uint64_t)signals);
}

int main(void)
{
	user_level();
	kernel_level();
	overflow();
	printf("perf %s\n", failures ? "failed" : "right");
	return failures != 0;
}
