/* What does Slurm say?  Its own commands are asked: a cluster has them, whatever its version.  Reads: slurm_job.h. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/slurm_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "experiments/firn/experiment/slurm_job.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"

#define ANSWER_MS 120000 /* the longest that a command of Slurm's may take */

/* Its stdout, at most size - 1 bytes. *error as in child_capture. */
bool slurm_ask(struct words *command, char *out, size_t size, char **error)
{
	bool good = child_capture(command->word, ANSWER_MS, out, size, error);

	words_free(command);
	return good;
}

size_t slurm_ask_most(void)
{
	size_t size = (size_t)1 << 20;
	char *config = grow(NULL, size, 1), *error = NULL;
	struct words command = { .word = NULL };
	size_t most;

	words_add(&command, "scontrol");
	words_add(&command, "show");
	words_add(&command, "config");
	slurm_ask(&command, config, size, &error);
	most = slurm_array_most(config);
	free(error);
	free(config);
	return most;
}

/* What does Slurm say of the job?  *error: new memory, with SLURM_NONE. */
enum slurm_answer slurm_ask_queue(const char *job, char *state, size_t size, char **error)
{
	struct words command = { .word = NULL };
	char out[64];
	bool good;

	for (const char *const *word =
		     (const char *const[]){ "squeue", "--noheader", "--format=%T %r", "--jobs", job, NULL };
	     *word; word++)
		words_add(&command, "%s", *word);
	good = slurm_ask(&command, out, sizeof(out), error);
	out[strcspn(out, "\n")] = '\0';
	if (good ? !*out : slurm_is_gone(*error)) {
		free(*error);
		*error = NULL;
		return SLURM_GONE;
	}
	snprintf(state, size, "Slurm's job %s: %s", job, good ? out : "no answer");
	if (!good)
		return SLURM_NONE;
	free(*error);
	*error = NULL;
	return SLURM_QUEUED;
}

/* A signal may be pending, which would end any wait of child.h's: this one waits for scancel whatever happens. */
void slurm_cancel(const char *job)
{
	char *command[] = { text("scancel"), text("%s", job), NULL };
	struct child child;
	int status = -1;

	if (child_start(&child, command)) {
		waitpid(child.pid, &status, 0);
		child_stop(&child);
	}
	if (status)
		complain(STATUS_FAILED, "Slurm's job %s may still run: 'scancel %s' ends it", job, job);
	free(command[0]);
	free(command[1]);
}
