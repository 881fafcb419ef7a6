/* How far is it?  On stderr, since stdout is for results.  Next: runner.c. */
#include "experiments/firn/tool/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

#define BETWEEN 60 /* seconds, where nobody watches */
#define WIDTH 100  /* characters, where somebody does */

static char *time_text(int64_t seconds, const char *word)
{
	if (seconds < 90)
		return text("%lld s%s", (long long)seconds, word);
	if (seconds < 90 * 60)
		return text("%lld min%s", (long long)(seconds + 30) / 60, word);
	return text("%lld h %lld min%s", (long long)seconds / 3600, (long long)seconds % 3600 / 60, word);
}

/* Each run that is left takes as long as those so far did on average; before the first has ended nobody knows. */
char *progress_text(const struct progress *p, int64_t now, const char *running)
{
	size_t here = p->done - p->before, to_do = p->total - p->done;
	char *failed = p->failed ? text(", %zu failed", p->failed) : text("%s", "");
	char *left = here && to_do ? time_text((now - p->since) * (int64_t)to_do / (int64_t)here, " left") :
				     text("%s", to_do ? "time left unknown" : "");
	char *out = text("%s: %zu of %zu done%s%s%s%s%s", p->name, p->done, p->total, failed,
			 *left ? "; " : "", left, running ? "; runs: " : "", running ? running : "");

	free(failed);
	free(left);
	return out;
}

void progress_hide(void)
{
	if (isatty(2))
		fputs("\r\033[K", stderr);
}

char *progress_count_text(const struct progress *p, int64_t now, uint64_t count, const char *what)
{
	char *time = time_text(now - p->since, "");
	char *out = text("%s: %llu %s, %s", p->name, (unsigned long long)count, what, time);

	free(time);
	return out;
}

bool progress_is_due(bool watched, int64_t now, int64_t told)
{
	return watched || now - told >= BETWEEN;
}

/* Frees the line. */
static void put(struct progress *p, int64_t now, char *line)
{
	p->told = now;
	if (isatty(2))
		fprintf(stderr, "\r\033[K%.*s", WIDTH, line);
	else
		fprintf(stderr, "%s\n", line);
	free(line);
}

void progress_show(struct progress *p, const char *running)
{
	int64_t now = (int64_t)time(NULL);

	if (progress_is_due(isatty(2), now, p->told))
		put(p, now, progress_text(p, now, running));
}

void progress_show_count(struct progress *p, uint64_t count, const char *what)
{
	int64_t now = (int64_t)time(NULL);

	if (progress_is_due(isatty(2), now, p->told))
		put(p, now, progress_count_text(p, now, count, what));
}

void progress_end(struct progress *p)
{
	char *line = progress_text(p, (int64_t)time(NULL), NULL);

	progress_hide();
	fprintf(stderr, "%s\n", line);
	free(line);
}
