/*
 * Which blocks of runs does an experiment's file have, and can each of them be carried out?  Reads: definition_words.h.  Next:
 * matrix.c.
 */
#include "experiments/firn/experiment/definition_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/complain.h"

#define SIZE_LARGEST 1000000000
#define REPETITIONS_MOST 1000
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Two numbers, the first less than the second. */
static bool take_size(struct experiment *e, const struct markup_node *node, struct names *out)
{
	const struct markup_node *n1 = markup_is_list(node) ? markup_item(e->markup, node, 0) : NULL,
				 *n2 = n1 ? markup_item(e->markup, node, 1) : NULL;
	uint64_t from = 0, to = 0;

	if (!n2 || markup_item(e->markup, node, 2))
		return markup_wrong(e->markup, node, "two numbers like [1000, 2000]", NULL);
	if (!markup_number(e->markup, n1, 0, SIZE_LARGEST, &from) ||
	    !markup_number(e->markup, n2, 1, SIZE_LARGEST, &to))
		return false;
	if (from >= to)
		return markup_wrong(e->markup, n2, "a number larger than the first", NULL);
	names_add(out,
		  experiment_own(e, text("%llu,%llu", (unsigned long long)from, (unsigned long long)to)));
	return true;
}

/* One such pair, or a list of them. */
static bool take_sizes(struct experiment *e, const struct markup_node *node, struct names *out)
{
	const struct markup_node *item = markup_is_list(node) ? markup_item(e->markup, node, 0) : NULL;
	bool good = true;

	free(out->name);
	*out = (struct names){ .count = 0 };
	if (!item || !markup_is_list(item))
		return take_size(e, node, out);
	for (size_t i = 0; good && (item = markup_item(e->markup, node, i)); i++)
		good = take_size(e, item, out);
	return good;
}

/* So many runs that are alike: "1" and so on. */
static bool take_repetitions(struct experiment *e, const struct markup_node *node, struct names *out)
{
	uint64_t count;

	if (!markup_number(e->markup, node, 1, REPETITIONS_MOST, &count))
		return false;
	free(out->name);
	*out = (struct names){ .count = 0 };
	for (uint64_t i = 1; i <= count; i++)
		names_add(out, experiment_own(e, text("%llu", (unsigned long long)i)));
	return true;
}

/* The nodes of a block of runs; of all those that are there, the word is taken. */
struct block_nodes {
	const struct markup_node *engine, *guests, *modes, *cpus, *workloads, *sizes, *smp, *vms, *deferred,
		*repetitions, *s2, *patience, *quick;
};

static bool block_keys(struct experiment *e, const struct markup_node *node, struct block_nodes *n)
{
	const struct markup_key keys[] = {
		{ "guests", &n->guests, false },
		{ "modes", &n->modes, false },
		{ "cpus", &n->cpus, false },
		{ "workloads", &n->workloads, false },
		{ "sizes", &n->sizes, false },
		{ "smp", &n->smp, false },
		{ "vms", &n->vms, false },
		{ "deferred", &n->deferred, false },
		{ "s2", &n->s2, false },
		{ "repetitions", &n->repetitions, false },
		{ "patience", &n->patience, false },
		{ "engine", &n->engine, false },
		{ "quick", &n->quick, false },
	};

	return markup_mapping(e->markup, node, keys, COUNT(keys));
}

static bool take_block(struct experiment *e, const struct block_nodes *n, struct block *block)
{
	const struct names any = { .count = 0 };
	struct names *on = block->axis;
	unsigned engine = block->engine;

	if ((n->engine && !take_choice(e, n->engine, engine_names, ENGINES, &engine)) ||
	    (n->guests && !take_axis(e, n->guests, AXIS_GUEST, &on[AXIS_GUEST])) ||
	    (n->modes && !take_axis(e, n->modes, AXIS_MODE, &on[AXIS_MODE])) ||
	    (n->cpus && !take_axis(e, n->cpus, AXIS_CPU, &on[AXIS_CPU])) ||
	    (n->workloads && !take_axis(e, n->workloads, AXIS_WORKLOAD, &on[AXIS_WORKLOAD])) ||
	    (n->sizes && !take_sizes(e, n->sizes, &on[AXIS_SIZE])) ||
	    (n->smp && !take_numbers(e, n->smp, MAX_CPUS, &on[AXIS_SMP])) ||
	    (n->vms && !take_numbers(e, n->vms, VMS_MOST, &on[AXIS_VMS])) ||
	    (n->deferred && !take_names(e, n->deferred, &any, "a set of registers as firn whatif has it",
					&on[AXIS_DEFERRED])) ||
	    (n->repetitions && !take_repetitions(e, n->repetitions, &on[AXIS_REPETITION])) ||
	    (n->s2 && !markup_bool(e->markup, n->s2, &block->s2)) ||
	    (n->patience &&
	     !markup_number(e->markup, n->patience, 1, CONSOLE_PATIENCE_MAX, &block->patience)))
		return false;
	block->engine = (enum engine)engine;
	return true;
}

/* Of what firn whatif has no use for, the one word that says so stands on the axis. */
static void complete_block(struct block *block)
{
	static const char *const usual[AXES] = {
		[AXIS_MODE] = "", [AXIS_CPU] = "max",	[AXIS_SIZE] = "",	[AXIS_SMP] = "",
		[AXIS_VMS] = "",  [AXIS_DEFERRED] = "", [AXIS_REPETITION] = "1"
	};

	for (unsigned a = 0; a < AXES; a++)
		if (!block->axis[a].count && usual[a] && a != AXIS_MODE)
			names_add(&block->axis[a], usual[a]);
	if (block->axis[AXIS_MODE].count)
		return;
	names_add(&block->axis[AXIS_MODE], "nv");
	if (block->engine != ENGINE_WHATIF)
		names_add(&block->axis[AXIS_MODE], "nv2");
}

static const struct workload *workload_named(const char *name)
{
	for (size_t i = 0; i < workload_count; i++)
		if (strcmp(workloads[i].name, name) == 0)
			return &workloads[i];
	return NULL;
}

static const struct guest *guest_named(const char *name)
{
	for (size_t i = 0; i < guest_count; i++)
		if (strcmp(guests[i].name, name) == 0)
			return &guests[i];
	return NULL;
}

/* Has a block as many of something as the workload needs?  What it leaves to the workload is enough. */
static bool has_enough(struct experiment *e, const struct markup_node *node, const struct names *counts,
		       const char *what, const struct workload *work, unsigned needed)
{
	char expected[160];

	for (size_t i = 0; i < counts->count; i++)
		if (*counts->name[i] && strtoul(counts->name[i], NULL, 10) < needed) {
			snprintf(expected, sizeof(expected), "%s %u for the workload %s", what, needed,
				 work->name);
			return markup_wrong(e->markup, node, expected, counts->name[i]);
		}
	return true;
}

/* Can every guest of it do every workload, on so many CPUs and in so many VMs?  node: where the block stands. */
static bool block_fits(struct experiment *e, const struct markup_node *node, const struct block *block)
{
	const struct names *guests_in = &block->axis[AXIS_GUEST];
	char expected[160];

	for (size_t w = 0; w < block->axis[AXIS_WORKLOAD].count; w++) {
		const struct workload *work = workload_named(block->axis[AXIS_WORKLOAD].name[w]);

		for (size_t g = 0; g < guests_in->count; g++)
			if (workload_wants(work, guest_named(guests_in->name[g]))) {
				snprintf(expected, sizeof(expected), "%s for the workload %s",
					 workload_wants(work, guest_named(guests_in->name[g])), work->name);
				return markup_wrong(e->markup, node, expected, guests_in->name[g]);
			}
		if (!has_enough(e, node, &block->axis[AXIS_SMP], "smp", work, work->cpus) ||
		    !has_enough(e, node, &block->axis[AXIS_VMS], "vms", work, work->vms))
			return false;
	}
	return true;
}

/* Does a number of a list exceed 1? */
static bool has_several(const struct names *counts)
{
	for (size_t i = 0; i < counts->count; i++)
		if (strtoul(counts->name[i], NULL, 10) > 1)
			return true;
	return false;
}

static const char *peer_in(const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (is_peer(names->name[i]))
			return names->name[i];
	return NULL;
}

/* The plugin counts what one CPU does for one VM; it counts wherever no firn is L0, and all applications. */
static bool can_be_counted(struct experiment *e, const struct markup_node *node, const struct block *block)
{
	const struct names *axis = block->axis;
	bool outside = block->engine == ENGINE_OUTSIDE || block->engine == ENGINE_PROFILE ||
		       peer_in(&axis[AXIS_MODE]);
	bool recorded = block->engine == ENGINE_WHATIF || block->engine == ENGINE_TIMELINE;

	for (size_t w = 0; w < axis[AXIS_WORKLOAD].count; w++) {
		const struct workload *work = workload_named(axis[AXIS_WORKLOAD].name[w]);

		if (workload_is_outside(work) && recorded)
			return markup_wrong(e->markup, node,
					    "a workload that can be recorded with this engine", work->name);
		if ((outside || workload_is_outside(work)) &&
		    (work->cpus > 1 || work->vms > 1 || has_several(&axis[AXIS_SMP]) ||
		     has_several(&axis[AXIS_VMS])))
			return markup_wrong(e->markup, node,
					    "one CPU and one VM for what is counted from outside",
					    work->name);
	}
	return true;
}

/* Other engines than stat and outside need firn as L0. */
static bool modes_fit(struct experiment *e, const struct markup_node *node, const struct block *block)
{
	const char *peer = peer_in(&block->axis[AXIS_MODE]);

	if (!peer || block->engine == ENGINE_STAT || block->engine == ENGINE_OUTSIDE)
		return true;
	return markup_wrong(e->markup, node, "no other mode than nv and nv2 with this engine", peer);
}

static bool block_is_whole(struct experiment *e, const struct markup_node *node, const struct block *block)
{
	const struct names *axis = block->axis;

	if (!axis[AXIS_GUEST].count || !axis[AXIS_WORKLOAD].count)
		return markup_wrong(e->markup, node, "the keys 'guests' and 'workloads'",
				    "a block of runs without");
	if (block->engine != ENGINE_WHATIF && *axis[AXIS_DEFERRED].name[0])
		return markup_wrong(e->markup, node, "'engine: whatif' with the key 'deferred'", "stat");
	if (block->engine == ENGINE_WHATIF &&
	    (axis[AXIS_MODE].count != 1 || strcmp(axis[AXIS_MODE].name[0], "nv") != 0))
		return markup_wrong(e->markup, node, "no other mode than nv with 'engine: whatif'",
				    axis[AXIS_MODE].name[0]);
	if (block->engine == ENGINE_WHATIF && !*axis[AXIS_DEFERRED].name[0])
		return markup_wrong(e->markup, node, "the key 'deferred' with 'engine: whatif'", "none");
	return modes_fit(e, node, block) && can_be_counted(e, node, block) && block_fits(e, node, block);
}

/* "quick: no" leaves the block out, in *left_out; a mapping has what is different. */
static bool take_quick(struct experiment *e, const struct markup_node *node, struct block *block,
		       bool *left_out)
{
	struct block_nodes nodes;
	bool with;

	if (!markup_is_mapping(node)) {
		if (!markup_bool(e->markup, node, &with))
			return false;
		*left_out = !with;
		return true;
	}
	if (!block_keys(e, node, &nodes))
		return false;
	if (nodes.quick || nodes.engine)
		return markup_wrong(e->markup, node, "neither 'quick' nor 'engine' in 'quick'", "it");
	return take_block(e, &nodes, block);
}

void free_block(struct block *block)
{
	for (unsigned a = 0; a < AXES; a++)
		free(block->axis[a].name);
}

/* What the file says of a quick run is looked at in any case. */
bool take_runs(struct experiment *e, const struct markup_node *node, bool quick)
{
	struct block_nodes nodes;
	struct block block = { .patience = CONSOLE_PATIENCE }, in_quick = block;
	bool left_out = false;

	bool good = block_keys(e, node, &nodes) && take_block(e, &nodes, &block) &&
		    take_block(e, &nodes, &in_quick) &&
		    (!nodes.quick || take_quick(e, nodes.quick, &in_quick, &left_out));
	if (good) {
		complete_block(&block);
		complete_block(&in_quick);
		good = block_is_whole(e, node, &block) && block_is_whole(e, node, &in_quick);
	}
	free_block(quick ? &block : &in_quick);
	if (!good || (quick && left_out)) {
		free_block(quick ? &in_quick : &block);
		return good;
	}
	e->block = grow(e->block, e->blocks + 1, sizeof(block));
	e->block[e->blocks++] = quick ? in_quick : block;
	return true;
}
