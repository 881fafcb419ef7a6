/* What did the plugin count?  Next: run.c, which reduces it as it does L0's own ledger. */
#define _GNU_SOURCE
#include "experiments/firn/measure/outside.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "nv/arch/fields.h"

#define SEQUENCE_MOST 400
#define WORDS_MOST ((uint64_t)1 << 24)

int outside_open(void)
{
	int fd = memfd_create("outside", 0);

	if (fd < 0)
		complain(STATUS_FAILED, "cannot make a file for the plugin: %s", strerror(errno));
	return fd;
}

/* A piece of the file at *at. False where it is not there. */
static bool take(int fd, off_t *at, void *out, size_t size)
{
	bool good = pread(fd, out, size, *at) == (ssize_t)size;

	*at += (off_t)size;
	return good;
}

static bool take_ledger(struct ledger *ledger, int fd, off_t *at)
{
	if (!take(fd, at, &ledger->header, sizeof(ledger->header)) ||
	    ledger->header.version != LEDGER_VERSION ||
	    ledger->header.vcpu_bytes != sizeof(struct ledger_vcpu) ||
	    ledger->header.vcpus > LEDGER_MAX_VCPUS)
		return false;
	ledger->vcpu = grow(NULL, ledger->header.vcpus + 1, sizeof(ledger->vcpu[0]));
	return take(fd, at, ledger->vcpu, ledger->header.vcpus * sizeof(ledger->vcpu[0]));
}

bool outside_read(struct outside_counts *counts, int fd)
{
	struct outside head = { .magic = 0 };
	off_t at = 0;

	*counts = (struct outside_counts){ .steps = 0 };
	if (!take_ledger(&counts->ledger, fd, &at) || !take(fd, &at, &head, sizeof(head)) ||
	    head.magic != OUTSIDE_MAGIC || head.steps > OUTSIDE_STEPS || head.words > WORDS_MOST)
		return !complain(STATUS_FAILED,
				 "QEMU's plugin left no counts; is outside.so the one of this build?");
	counts->steps = (size_t)head.steps;
	counts->words = (size_t)head.words;
	counts->text = head.text;
	counts->step = grow(NULL, counts->steps + 1, sizeof(counts->step[0]));
	counts->word = grow(NULL, counts->words + 1, sizeof(counts->word[0]));
	return (take(fd, &at, counts->step, counts->steps * sizeof(counts->step[0])) &&
		take(fd, &at, counts->word, counts->words * sizeof(counts->word[0]))) ||
	       !complain(STATUS_FAILED, "QEMU's plugin left half of its counts");
}

void outside_free(struct outside_counts *counts)
{
	ledger_free(&counts->ledger);
	free(counts->step);
	free(counts->word);
	*counts = (struct outside_counts){ .steps = 0 };
}

static bool is_of_l2(const struct outside_step *step)
{
	return step->level == LEDGER_L2_EL1 || step->level == LEDGER_L2_EL0;
}

static void describe(cJSON *list, const struct outside_step *step)
{
	char name[64], *line;

	if (step->reason == UINT32_MAX)
		unlisted_name(name, sizeof(name), step->iss);
	else
		reason_name(name, sizeof(name), step->reason);
	line = text("%s %s %llu", ledger_level_names[step->level < LEDGER_L0 ? step->level : LEDGER_L0], name,
		    (unsigned long long)step->instructions);
	cJSON_AddItemToArray(list, cJSON_CreateString(line));
	free(line);
}

/* Those before the third mark, itself left out: the first step of the operation `traps` before the end that L2 made. */
cJSON *outside_sequence(const struct outside_counts *counts, int64_t traps)
{
	cJSON *list = cJSON_CreateArray();
	size_t end = counts->steps, first;

	while (end && counts->step[end - 1].reason != LEDGER_MARK)
		end--;
	end -= end > 0;
	if (traps <= 0 || traps > SEQUENCE_MOST || (size_t)traps > end)
		return list;
	for (first = end - (size_t)traps; first > 0 && !is_of_l2(&counts->step[first]); first--)
		;
	for (size_t i = first; i < end && counts->step[i].mark == 2; i++)
		describe(list, &counts->step[i]);
	return list;
}
