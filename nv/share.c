/* Who runs next, and how long has each one run?  Reads: share.h. */
#include "nv/share.h"

#include <stddef.h>

bool shares_add(struct shares *s, struct share *e)
{
	if (s->count == SHARES_MAX)
		return false;
	e->state = SHARE_OFF;
	s->of[s->count++] = e;
	return true;
}

uint64_t share_runtime(const struct share *e, uint64_t now)
{
	return e->runtime + (e->state == SHARE_RUNNING ? now - e->since : 0);
}

/* While nobody shares a CPU nobody is taken, and what those who run have had shows here only. */
static void catch_up(struct shares *s, uint64_t now)
{
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < s->count; i++)
		if (s->of[i]->state == SHARE_RUNNING && share_runtime(s->of[i], now) < least)
			least = share_runtime(s->of[i], now);
	if (least != UINT64_MAX && least > s->least)
		s->least = least;
}

static void want(struct share *e, uint64_t earliest, uint64_t now)
{
	e->state = SHARE_RUNNABLE;
	e->since = now;
	if (e->runtime < earliest)
		e->runtime = earliest;
}

void share_join(struct shares *s, struct share *e, unsigned home, uint64_t now)
{
	catch_up(s, now);
	e->home = home;
	want(e, s->least, now);
}

void share_wake(const struct shares *s, struct share *e, uint64_t now)
{
	want(e, s->least > s->slice ? s->least - s->slice : 0, now);
}

static bool waits_at(const struct share *e, unsigned cpu)
{
	return e->state == SHARE_WAITING && e->home == cpu;
}

void shares_wake_due(const struct shares *s, unsigned cpu, uint64_t now)
{
	for (unsigned i = 0; i < s->count; i++)
		if (waits_at(s->of[i], cpu) && s->of[i]->wake_at <= now)
			share_wake(s, s->of[i], now);
}

uint64_t shares_first_wake(const struct shares *s, unsigned cpu)
{
	uint64_t first = SHARE_NEVER;

	for (unsigned i = 0; i < s->count; i++)
		if (waits_at(s->of[i], cpu) && s->of[i]->wake_at < first)
			first = s->of[i]->wake_at;
	return first;
}

static bool is_better(const struct share *a, const struct share *b, unsigned cpu)
{
	if (a->runtime != b->runtime)
		return a->runtime < b->runtime;
	return a->home == cpu && b->home != cpu;
}

struct share *shares_best_but(const struct shares *s, const struct share *e, unsigned cpu)
{
	struct share *best = NULL;

	for (unsigned i = 0; i < s->count; i++) {
		struct share *other = s->of[i];

		if (other->state == SHARE_RUNNABLE && other != e && (!best || is_better(other, best, cpu)))
			best = other;
	}
	return best;
}

static void was_taken(struct shares *s, const struct share *e)
{
	if (e->runtime > s->least)
		s->least = e->runtime;
}

void share_take(struct shares *s, struct share *e, unsigned cpu, uint64_t began)
{
	e->state = SHARE_RUNNING;
	e->since = began;
	e->home = cpu;
	was_taken(s, e);
}

void share_charge(struct share *e, uint64_t now)
{
	e->runtime += now - e->since;
	e->since = now;
}

struct share *shares_instead(struct shares *s, struct share *e, unsigned cpu, bool yields)
{
	struct share *next = shares_best_but(s, e, cpu);
	bool better = next && is_better(next, e, cpu);

	if (!next || (!yields && !better)) {
		was_taken(s, e); /* again */
		return NULL;
	}
	if (!better)
		e->runtime = next->runtime + 1;
	return next;
}
