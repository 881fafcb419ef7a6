/* What is kept of a run that has ended, wherever it was executed?  Reads: matrix.h, store.h.  Next: runner.c, slurm.c. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/ending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/file.h"

bool ending_known(const struct store *store, const struct run *run)
{
	const struct outcome *old = store_find(store, run->key);

	return old && old->ok;
}

size_t endings_known(const struct matrix *matrix, const struct store *store)
{
	size_t known = 0;

	for (size_t i = 0; i < matrix->runs; i++)
		known += ending_known(store, &matrix->run[i]);
	return known;
}

/* What the result says of its run. */
static cJSON *describe(const struct run *run, const char *status)
{
	cJSON *object = cJSON_CreateObject();
	char *command = run_command(run);

	cJSON_AddStringToObject(object, "key", run->key);
	cJSON_AddStringToObject(object, "status", status);
	for (unsigned a = 0; a < AXES; a++)
		cJSON_AddStringToObject(object, axis_names[a], run->at[a]);
	cJSON_AddStringToObject(object, "engine", engine_names[run->block->engine]);
	cJSON_AddStringToObject(object, "command", command);
	free(command);
	return object;
}

/* The key, as the name of a file. */
static char *log_name(const struct run *run)
{
	char *name = text("log/%s.log", run->key);

	for (char *c = name + strlen("log/"); *c; c++)
		if (strchr(" /,:#=", *c))
			*c = '_';
	return name;
}

/* firn stat prints a list of one, firn whatif an object. NULL where it is neither. */
static cJSON *parse_output(const char *output)
{
	cJSON *parsed = output ? cJSON_Parse(output) : NULL, *result = parsed;

	if (cJSON_IsArray(parsed)) {
		result = cJSON_DetachItemFromArray(parsed, 0);
		cJSON_Delete(parsed);
	}
	if (cJSON_IsObject(result))
		return result;
	cJSON_Delete(result);
	return NULL;
}

cJSON *ending_result(const struct run *run, const char *output)
{
	cJSON *result = parse_output(output), *object;

	if (!result)
		return NULL;
	object = describe(run, "ok");
	cJSON_AddItemToObject(object, "result", result);
	return object;
}

char *ending_reason(const char *errors, int status)
{
	const char *line = strncmp(errors, "firn: ", 6) == 0 ? errors : strstr(errors, "\nfirn: ");

	if (line) {
		line += *line == '\n' ? 7 : 6;
		return text("%.*s", (int)strcspn(line, "\n"), line);
	}
	if (WIFSIGNALED(status))
		return text("killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return text("it printed no result");
}

bool ending_failed(struct store *store, struct progress *progress, const struct run *run, const char *why,
		   const char *errors, const char *output)
{
	char *name = log_name(run), *path = store_path(store, name),
	     *log = text("%s%s", errors, output ? output : "");
	cJSON *object = describe(run, "failed");
	bool good;

	cJSON_AddStringToObject(object, "why", why);
	cJSON_AddStringToObject(object, "log", name);
	progress->failed++;
	progress_hide();
	fprintf(stderr, "%s: failed: %s: %s\n", progress->name, run->key, why);
	good = file_write(path, log);
	good = store_add(store, object) && good;
	free(name);
	free(path);
	free(log);
	return good;
}
