/* What is a measured machine to do?  Reads: task.h, machine/console.h. */
#define _GNU_SOURCE
#include "experiments/firn/measure/task.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"

#define MAX_ITERATIONS 1000000000
/* To the first program, which ends L2 at once: what would go on there is not the boot. */
#define BOOT_L2 "sleep 5; kvm-guest --marks --append 'nokaslr rdinit=/bin/busybox -- poweroff -f'"

#define APPLICATION_L2 \
	"kvm-guest --mem 512M --append nokaslr --archive /lib/kvm-guest/applications.cpio%s --exec 'application %s %llu %llu'"

#define DISK_BYTES (UINT64_C(16) << 20)
#define DISK_BLOCK 4096 /* as in guest-hyp/linux/applications/disk.c */

/*
 * "N1,N2" with N1 less than N2, since what is measured is the difference. False after one line on stderr, in which
 * example shows the form.
 */
bool task_iterations(const char *word, const char *example, uint64_t iterations[2])
{
	char **part = NULL;
	size_t count = option_list("--iterations", word, &part);
	bool good = count == 2;

	if (count && !good)
		complain(STATUS_USAGE, "--iterations: '%s' is not two numbers; write it as %s", word,
			 example);
	for (size_t i = 0; good && i < 2; i++)
		good = option_number("--iterations", part[i], i, MAX_ITERATIONS, &iterations[i]);
	if (good && iterations[0] >= iterations[1])
		good = !complain(STATUS_USAGE,
				 "--iterations: '%s': the first number has to be less than the second", word);
	free(part);
	return good;
}

/* A disk that nobody else has, each block of which begins with its number. False after one line on stderr. */
static bool give_disk(struct task *task, struct machine_config *config)
{
	bool good;

	task->disk_fd = memfd_create("disk", MFD_CLOEXEC);
	good = task->disk_fd >= 0 && ftruncate(task->disk_fd, DISK_BYTES) == 0;
	for (uint64_t n = 0; good && n < DISK_BYTES / DISK_BLOCK; n++)
		good = pwrite(task->disk_fd, &n, sizeof(n), (off_t)(n * DISK_BLOCK)) == sizeof(n);
	task->disks[0] = task->disk = text("/proc/self/fd/%d", task->disk_fd);
	config->devices.disks = (struct option_words){ .word = task->disks, .count = 1 };
	return good || !complain(STATUS_FAILED, "cannot make a disk in memory: %s", strerror(errno));
}

/* The command of L1's that runs it there or in L2. */
static char *application_words(struct machine_config *config, const struct workload *workload,
			       unsigned long long n1, unsigned long long n2)
{
	const char *name = workload_application(workload);

	config->l2 = workload->who != FOR_L1_APPLICATION;
	config->applications = true;
	config->with_qemu = workload->who == FOR_L2_VFIO;
	if (workload->who == FOR_L2_VFIO)
		return text("with-vfio %s %llu %llu", name, n1, n2);
	if (workload->who == FOR_L2_APPLICATION)
		return text(APPLICATION_L2, workload->disk ? " --disk /dev/vda" : "", name, n1, n2);
	return text("application %s %llu %llu", name, n1, n2);
}

/* A Linux guest is told by a command, our own by its bootargs. task owns the words that config points at. */
bool task_give(struct task *task, struct machine_config *config, const struct workload *workload,
	       const uint64_t iterations[2], bool with_disk)
{
	unsigned long long n1 = iterations[0], n2 = iterations[1];

	*task = (struct task){ .workload = workload, .iterations = { n1, n2 } };
	config->bootargs = workload->append;
	if ((workload->disk || with_disk) && !give_disk(task, config))
		return false;
	if (workload->who == FOR_KVM_GUEST) {
		config->l2 = true;
		config->exec = task->words = text(BOOT_L2 " && echo ok %s %llu %llu", workload->name, n1, n2);
	} else if (workload_application(workload))
		config->exec = task->words = application_words(config, workload, n1, n2);
	else if (workload->who == FOR_L1_BOOT)
		config->exec = task->words = text("counter && echo ok %s %llu %llu", workload->name, n1, n2);
	else if (config->guest->kind == GUEST_LINUX)
		config->exec = task->words = text("kvm-runner %s %llu %llu", workload->name, n1, n2);
	else
		config->bootargs = task->words = text("workload=%s n=%llu,%llu", workload->name, n1, n2);
	return true;
}

void task_free(struct task *task)
{
	free(task->words);
	if (task->disk)
		close(task->disk_fd);
	free(task->disk);
	*task = (struct task){ .workload = NULL };
}

/*
 * True when the guest said "ok WORKLOAD N1 N2", which it does only when L2 has checked itself; else false after what
 * it said last.
 */
bool task_watch(const struct task *task, struct machine *machine, struct transcript *transcript,
		const char *label, const struct machine_config *config)
{
	char *expected =
		text("ok %s %llu %llu",
		     workload_application(task->workload) ? workload_application(task->workload) :
							    task->workload->name,
		     (unsigned long long)task->iterations[0], (unsigned long long)task->iterations[1]);
	bool good = console_collect(machine, transcript, label, config);

	if (good && !transcript_has_line(transcript, expected)) {
		transcript_explain(transcript, "the guest ended without saying that its workload went well");
		good = false;
	}
	free(expected);
	return good;
}
