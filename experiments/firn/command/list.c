/*
 * Which names do the options take?
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/paths.h"
#include "experiments/firn/tool/table.h"

/* A name that can be given, and what it is. */
static void add(struct table *table, const char *name, const char *about)
{
	char *indented = text("  %s", name);

	table_add(table, TABLE_PLAIN, (const char *const[]){ indented, about });
	free(indented);
}

/* After an empty row, but for the first. */
static void heading(struct table *table, const char *words)
{
	if (table->rows)
		table_add(table, TABLE_PLAIN, (const char *const[]){ "", "" });
	table_add(table, TABLE_BOLD, (const char *const[]){ words, "" });
}

/*
 * Says how to get the guest where it is not there; access is tried, since the file may be in the cache or be built.
 */
static void add_guest(struct table *table, const struct guest *guest)
{
	bool is_linux = guest->kind == GUEST_LINUX;
	char *path = is_linux ? path_cached(guest->kernel) : path_built(guest->kernel);
	char *root = guest->root ? path_cached(guest->root) : NULL;
	char *about = text("%s%s", guest->about,
			   root && access(root, R_OK) != 0 ? " (not here: make debian)" :
			   access(path, R_OK) == 0	   ? "" :
			   is_linux			   ? " (not here: make setup)" :
							     " (not here: make)");

	add(table, guest->name, about);
	free(about);
	free(root);
	free(path);
}

int command_list(int argc, char **argv)
{
	struct table table = { .align = "ll" };

	if (!options_parse("list", argc, argv, NULL, 0))
		return STATUS_USAGE;
	heading(&table, "guests (--guest)");
	for (size_t i = 0; i < guest_count; i++)
		add_guest(&table, &guests[i]);
	heading(&table, "modes (--mode)");
	for (size_t i = 0; i < mode_count; i++)
		add(&table, modes[i].name, modes[i].about);
	for (size_t i = 0; i < peer_count; i++)
		add(&table, peers[i].name, peers[i].about);
	heading(&table, "CPUs (--cpu)");
	for (size_t i = 0; i < cpu_count; i++)
		add(&table, cpus[i].name, cpus[i].about);
	heading(&table, "workloads (--workload)");
	for (size_t i = 0; i < workload_count; i++)
		add(&table, workloads[i].name, workloads[i].about);
	heading(&table, "workloads of guest lesson");
	for (size_t i = 0; i < lesson_count; i++)
		add(&table, lessons[i].name, lessons[i].about);
	table_print(&table);
	return 0;
}
