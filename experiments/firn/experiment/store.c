/*
 * Where are the results of an experiment, and how does none get lost?  A line goes to the file in one write when its run has ended;
 * what a kill or a full disk left half-written has no end of line, and is not there.  Next: runner.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/firn/tool/file.h"
#include "experiments/firn/tool/complain.h"

#define FORMAT 1 /* of the folder */
#define LARGEST_ABOUT ((size_t)1 << 20)

char *store_path(const struct store *store, const char *name)
{
	return text("%s/%s", store->folder, name);
}

static const char *member(const cJSON *object, const char *name)
{
	const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

	return value ? value : "";
}

static int by_key(const void *a, const void *b)
{
	const struct outcome *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* The last line of each key stays. */
static void sort_and_drop(struct store *store)
{
	size_t kept = 0;

	if (store->outcomes)
		qsort(store->outcome, store->outcomes, sizeof(store->outcome[0]), by_key);
	for (size_t i = 0; i < store->outcomes; i++) {
		if (i + 1 < store->outcomes && strcmp(store->outcome[i].key, store->outcome[i + 1].key) == 0)
			cJSON_Delete(store->outcome[i].object);
		else
			store->outcome[kept++] = store->outcome[i];
	}
	store->outcomes = store->sorted = kept;
}

/* Takes object. False where it is no result. */
static bool take(struct store *store, cJSON *object)
{
	const char *status = member(object, "status");

	if (!*member(object, "key") || (strcmp(status, "ok") != 0 && strcmp(status, "failed") != 0)) {
		cJSON_Delete(object);
		return false;
	}
	if (store->outcomes == store->room) {
		store->room = 2 * store->room + 64;
		store->outcome = grow(store->outcome, store->room, sizeof(store->outcome[0]));
	}
	store->outcome[store->outcomes++] =
		(struct outcome){ member(object, "key"), strcmp(status, "ok") == 0, object,
				  store->written++ };
	return true;
}

/* *whole: how many bytes are lines with an end. False after one line on stderr. */
static bool take_lines(struct store *store, char *bytes, const char *path, size_t *whole)
{
	unsigned number = 1;
	char *line = bytes, *end;

	for (; (end = strchr(line, '\n')); line = end + 1, number++) {
		*end = '\0';
		if (!take(store, cJSON_Parse(line)))
			return !complain(STATUS_FAILED,
					 "%s:%u: expected the result of a run; remove the line, and --resume "
					 "measures it again",
					 path, number);
	}
	*whole = (size_t)(line - bytes);
	return true;
}

/* A folder without results yet has none. *whole as in take_lines. */
static bool read_lines(struct store *store, size_t *whole)
{
	char *path = store_path(store, "results.jsonl"), *bytes = NULL;
	bool good = true;

	*whole = 0;
	if (access(path, F_OK) == 0) {
		bytes = file_read(path, FILE_LARGEST);
		good = bytes && take_lines(store, bytes, path, whole);
	}
	free(bytes);
	free(path);
	sort_and_drop(store);
	return good;
}

/* NULL after one line on stderr. */
static cJSON *read_about(const struct store *store)
{
	char *path = store_path(store, "about.json"), *bytes;
	cJSON *about = NULL;
	double format;

	if (access(path, F_OK) != 0) {
		complain(STATUS_FAILED, "%s is no folder of an experiment: it has no about.json",
			 store->folder);
		free(path);
		return NULL;
	}
	bytes = file_read(path, LARGEST_ABOUT);
	about = bytes ? cJSON_Parse(bytes) : NULL;
	format = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(about, "format"));
	if (about && format > FORMAT - 0.5 && format < FORMAT + 0.5) {
		free(bytes);
		free(path);
		return about;
	}
	if (bytes && format > FORMAT)
		complain(
			STATUS_FAILED,
			"%s has format %.0f, this firn reads %d; use the firn that wrote it, or another --out",
			store->folder, format, FORMAT);
	else if (bytes)
		complain(STATUS_FAILED, "%s: expected an object with \"format\": %d", path, FORMAT);
	cJSON_Delete(about);
	free(bytes);
	free(path);
	return NULL;
}

bool store_read(struct store *store, const char *folder)
{
	cJSON *about;
	size_t whole;
	bool good;

	*store = (struct store){ .folder = text("%s", folder), .lock = -1, .fd = -1 };
	about = read_about(store);
	store->quick = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(about, "quick"));
	store->name = text("%s", member(about, "experiment"));
	good = about && read_lines(store, &whole);
	cJSON_Delete(about);
	if (!good)
		store_close(store);
	return good;
}

/* False after one line on stderr that says what is another. */
static bool measured_alike(const struct store *store, const cJSON *then, const cJSON *now)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, now) {
		const cJSON *old = cJSON_GetObjectItemCaseSensitive(then, item->string);

		if (cJSON_IsObject(item)) { /* a guest that is new is none of theirs */
			if (old && !measured_alike(store, old, item))
				return false;
		} else if (!cJSON_Compare(old, item, true)) {
			return !complain(
				STATUS_FAILED,
				"%s was measured with another %s (%s, now %s): results of both do not "
				"go together; name another folder with --out",
				store->folder, item->string,
				cJSON_IsString(old) ? old->valuestring : "not known",
				cJSON_IsString(item) ? item->valuestring : "this");
		}
	}
	return true;
}

/* Kernels that only results have which are there already. */
static void remember_kernels(cJSON *about, const cJSON *then)
{
	cJSON *kernels = cJSON_GetObjectItemCaseSensitive(about, "kernels");
	const cJSON *item;

	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(then, "kernels"))
		if (cJSON_IsObject(kernels) && !cJSON_HasObjectItem(kernels, item->string))
			cJSON_AddItemToObject(kernels, item->string, cJSON_Duplicate(item, true));
}

/* Always false, errno is why. */
static bool cannot_write(const struct store *store, const char *name)
{
	return !complain(STATUS_FAILED, "cannot write %s%s%s: %s; --out names another folder", store->folder,
			 *name ? "/" : "", name, strerror(errno));
}

/* What is new in the folder goes there; about.json first, which says whose the folder is. Takes about. */
static bool write_about(const struct store *store, const char *definition, cJSON *about)
{
	cJSON *object = cJSON_CreateObject();
	char *path = store_path(store, "about.json"), *yaml = store_path(store, "experiment.yaml"),
	     *log = store_path(store, "log"), *printed;
	bool good;

	cJSON_AddNumberToObject(object, "format", FORMAT);
	cJSON_AddStringToObject(object, "experiment", store->name);
	cJSON_AddBoolToObject(object, "quick", store->quick);
	cJSON_AddItemToObject(object, "measured_with", about);
	printed = cJSON_Print(object);
	good = file_write(path, printed) && file_write(yaml, definition) &&
	       (mkdir(log, 0777) == 0 || errno == EEXIST || cannot_write(store, "log"));
	cJSON_free(printed);
	cJSON_Delete(object);
	free(path);
	free(yaml);
	free(log);
	return good;
}

/* Without about.json nothing that bears one of our names is ours. False after one line on stderr. */
static bool is_free(const struct store *store)
{
	static const char *const ours[] = { "results.jsonl", "experiment.yaml", "summary.csv", "report.md",
					    "report.html",   "plots",		"log",	       "slurm" };
	bool taken = false;

	for (size_t i = 0; !taken && i < sizeof(ours) / sizeof(ours[0]); i++) {
		char *path = store_path(store, ours[i]);
		struct stat status;

		taken = lstat(path, &status) == 0;
		free(path);
		if (taken)
			complain(
				STATUS_FAILED,
				"%s is no folder of an experiment (it has no about.json), and its %s stays as it is; "
				"name another folder with --out",
				store->folder, ours[i]);
	}
	return !taken;
}

/* Is what is there of this experiment, measured as now?  False after one line on stderr. */
static bool goes_together(const struct store *store, const cJSON *then, const cJSON *about)
{
	const char *name = member(then, "experiment");

	if (strcmp(name, store->name) != 0)
		return !complain(
			STATUS_FAILED,
			"%s has results of the experiment %s, not of %s; name another folder with --out",
			store->folder, name, store->name);
	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(then, "quick")) != store->quick)
		return !complain(
			STATUS_FAILED, "%s is a %s run; %s --quick, or name another folder with --out",
			store->folder, store->quick ? "whole" : "quick", store->quick ? "leave out" : "give");
	return measured_alike(store, cJSON_GetObjectItemCaseSensitive(then, "measured_with"), about);
}

/* May the folder be used, and is it like what is measured now?  about becomes what all of it is measured with. */
static bool take_over(struct store *store, bool resume, cJSON *about, size_t *whole)
{
	char *path = store_path(store, "about.json");
	bool begun = access(path, F_OK) == 0;
	cJSON *then = NULL;
	bool good;

	free(path);
	*whole = 0;
	if (!begun) /* empty, or what was killed before it began */
		return is_free(store);
	if (!resume)
		return !complain(
			STATUS_FAILED,
			"%s has results already; --resume goes on with them, --out names another folder",
			store->folder);
	then = read_about(store);
	good = then && goes_together(store, then, about) && read_lines(store, whole);
	remember_kernels(about, cJSON_GetObjectItemCaseSensitive(then, "measured_with"));
	cJSON_Delete(then);
	return good;
}

/* Only one firn at a time, until it ends in whatever way. */
static bool lock(struct store *store)
{
	if (mkdir(store->folder, 0777) && errno != EEXIST)
		return cannot_write(store, "");
	store->lock = open(store->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->lock < 0)
		return cannot_write(store, "");
	return flock(store->lock, LOCK_EX | LOCK_NB) == 0 ||
	       !complain(STATUS_FAILED,
			 "another firn is measuring into %s; let it end, or name another folder",
			 store->folder);
}

/* whole: bytes of it that are lines; what is behind them goes. */
static bool open_results(struct store *store, size_t whole)
{
	char *path = store_path(store, "results.jsonl");

	store->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	free(path);
	return (store->fd >= 0 && ftruncate(store->fd, (off_t)whole) == 0) ||
	       cannot_write(store, "results.jsonl");
}

bool store_open(struct store *store, const char *folder, const char *name, bool resume, bool quick,
		const char *definition, const cJSON *about)
{
	cJSON *all = cJSON_Duplicate(about, true);
	size_t whole;

	*store = (struct store){
		.folder = text("%s", folder), .name = text("%s", name), .quick = quick, .lock = -1, .fd = -1
	};
	if (!lock(store) || !take_over(store, resume, all, &whole)) {
		cJSON_Delete(all);
		store_close(store);
		return false;
	}
	if (write_about(store, definition, all) && open_results(store, whole))
		return true;
	store_close(store);
	return false;
}

bool store_add(struct store *store, cJSON *object)
{
	char *printed = cJSON_PrintUnformatted(object), *line = text("%s\n", printed);
	off_t before = lseek(store->fd, 0, SEEK_END);
	size_t length = strlen(line);
	ssize_t put;

	errno = 0;
	put = write(store->fd, line, length);
	cJSON_free(printed);
	free(line);
	if (put != (ssize_t)length || fdatasync(store->fd)) {
		errno = errno ? errno : ENOSPC;
		cannot_write(store, "results.jsonl");
		if (ftruncate(store->fd, before)) /* then the half line is dropped when it is read */
			complain(STATUS_FAILED, "and a half line stays in it: %s", strerror(errno));
		cJSON_Delete(object);
		return false;
	}
	return take(store, object);
}

static void print_line(FILE *out, const struct outcome *outcome)
{
	char *printed = cJSON_PrintUnformatted(outcome->object);

	fprintf(out, "%s\n", printed);
	cJSON_free(printed);
}

bool store_sort(struct store *store, const struct matrix *matrix)
{
	char *path = store_path(store, "results.jsonl"), *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);
	const struct outcome *outcome;
	bool *printed, good;

	sort_and_drop(store);
	printed = grow(NULL, store->outcomes + 1, sizeof(bool));
	memset(printed, 0, store->outcomes * sizeof(bool));
	for (size_t i = 0; i < matrix->runs; i++) {
		outcome = store_find(store, matrix->run[i].key);
		if (outcome) {
			print_line(out, outcome);
			printed[outcome - store->outcome] = true;
		}
	}
	for (size_t i = 0; i < store->outcomes; i++)
		if (!printed[i])
			print_line(out, &store->outcome[i]);
	free(printed);
	good = fclose(out) == 0 && file_write(path, bytes);
	free(bytes);
	free(path);
	return good;
}

const struct outcome *store_find(const struct store *store, const char *key)
{
	size_t low = 0, high = store->sorted;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(store->outcome[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < store->sorted && strcmp(store->outcome[low].key, key) == 0 ? &store->outcome[low] : NULL;
}

void store_close(struct store *store)
{
	for (size_t i = 0; i < store->outcomes; i++)
		cJSON_Delete(store->outcome[i].object);
	free(store->outcome);
	free(store->folder);
	free(store->name);
	if (store->fd >= 0)
		close(store->fd);
	if (store->lock >= 0)
		close(store->lock);
	*store = (struct store){ .lock = -1, .fd = -1 };
}
