/*
 * Where in the machine's memory are the counts that L0 kept, and are they sound?  L0's image lies at the lowest
 * place with its two magic numbers, because QEMU loads it before everything else in memory.  Next: measure.c.
 */
#define _GNU_SOURCE
#include "experiments/firn/measure/ledger.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"
#include "nv/arch/sysreg.h"

#define IMAGE_ALIGN UINT64_C(0x200000) /* of a Linux arm64 image */
#define IMAGE_MAGIC_OFFSET 56

/* The physical memory of a machine. */
struct memory {
	int fd;
	uint64_t base, bytes;
};

/* pread, because a mapping would make the kernel fill every hole of the memory file that it looks at. */
static bool memory_read(const struct memory *memory, uint64_t pa, void *out, size_t size)
{
	return pa >= memory->base && pa - memory->base <= memory->bytes &&
	       size <= memory->bytes - (pa - memory->base) &&
	       pread(memory->fd, out, size, (off_t)(pa - memory->base)) == (ssize_t)size;
}

/* Physical address of the header, or 0. */
static uint64_t find_header(const struct memory *memory)
{
	struct ledger_anchor anchor;

	for (uint64_t at = 0; at < memory->bytes; at += IMAGE_ALIGN) {
		char magic[4];

		if (memory_read(memory, memory->base + at + IMAGE_MAGIC_OFFSET, magic, sizeof(magic)) &&
		    memcmp(magic, "ARM\x64", sizeof(magic)) == 0 &&
		    memory_read(memory, memory->base + at + LEDGER_ANCHOR_OFFSET, &anchor, sizeof(anchor)) &&
		    anchor.magic == LEDGER_ANCHOR_MAGIC)
			return memory->base + at + anchor.header_offset;
	}
	return 0;
}

/*
 * Counts of another build would be read as something else. False after one line on stderr that says which side is the
 * older.
 */
static bool header_is_good(const struct ledger_header *header)
{
	if (header->version != LEDGER_VERSION || header->vcpu_bytes != sizeof(struct ledger_vcpu))
		return !complain(
			STATUS_FAILED,
			"the L0 image keeps ledger version %u, %u bytes per vCPU; this firn reads version %u, "
			"%zu; build both again with 'make'",
			header->version, header->vcpu_bytes, LEDGER_VERSION, sizeof(struct ledger_vcpu));
	if (header->reasons != LEDGER_SYSREG + 2 * SR_COUNT)
		return !complain(
			STATUS_FAILED,
			"the L0 image counts %u reasons, this firn knows %u: their register lists differ; "
			"build both again with 'make'",
			header->reasons, LEDGER_SYSREG + 2 * SR_COUNT);
	if (header->vcpus == 0 || header->vcpus > LEDGER_MAX_VCPUS || header->counter_hz == 0)
		return !complain(STATUS_FAILED, "the ledger is damaged: %u vCPUs, counter of %llu Hz",
				 header->vcpus, (unsigned long long)header->counter_hz);
	return true;
}

/* A copy: the machine's memory may go away then. False after one line on stderr. */
bool ledger_read(struct ledger *ledger, int ram_fd, uint64_t ram_base, uint64_t ram_bytes)
{
	const struct memory memory = { ram_fd, ram_base, ram_bytes };
	uint64_t header_pa = find_header(&memory);

	ledger->vcpu = NULL;
	if (!header_pa)
		return !complain(
			STATUS_FAILED,
			"there is no L0 in the machine's memory; is firn.img the one of this build?");
	if (!memory_read(&memory, header_pa, &ledger->header, sizeof(ledger->header)))
		return !complain(STATUS_FAILED,
				 "the ledger is damaged: its header is said to be at 0x%llx, not in RAM",
				 (unsigned long long)header_pa);
	if (ledger->header.version == 0)
		return !complain(STATUS_FAILED, "L0 ended before it set up its ledger");
	if (!header_is_good(&ledger->header))
		return false;
	ledger->vcpu = grow(NULL, ledger->header.vcpus, sizeof(ledger->vcpu[0]));
	for (uint32_t i = 0; i < ledger->header.vcpus; i++)
		if (!memory_read(&memory, ledger->header.vcpu_pa[i], &ledger->vcpu[i],
				 sizeof(ledger->vcpu[i]))) {
			complain(STATUS_FAILED,
				 "the ledger is damaged: vCPU %u is said to be at 0x%llx, not in RAM", i,
				 (unsigned long long)ledger->header.vcpu_pa[i]);
			ledger_free(ledger);
			return false;
		}
	return true;
}

void ledger_free(struct ledger *ledger)
{
	free(ledger->vcpu);
	ledger->vcpu = NULL;
}

void ledger_from_reset(struct ledger *ledger)
{
	for (uint32_t i = 0; i < ledger->header.vcpus; i++) {
		struct ledger_vcpu *vcpu = &ledger->vcpu[i];

		if (vcpu->marks != 1)
			continue;
		vcpu->mark[2] = vcpu->mark[0];
		memset(vcpu->mark, 0, 2 * sizeof(vcpu->mark[0]));
		vcpu->marks = 3;
	}
}

/* All traps, each of which is counted once: by its reason, as an unlisted register, or as one too many of those. */
uint64_t ledger_sum(const struct ledger_counts *counts)
{
	uint64_t sum = counts->unlisted_rest;

	for (unsigned level = 0; level < LEDGER_L0; level++)
		for (unsigned reason = 0; reason < LEDGER_MAX_REASONS; reason++)
			sum += counts->count[level][reason];
	for (unsigned i = 0; i < LEDGER_UNLISTED; i++)
		sum += counts->unlisted[i].count;
	return sum;
}

/*
 * The vectors count entries on their own, so a trap that has no reason would be noticed here. False after one line on
 * stderr.
 */
static bool counts_are_sound(const struct ledger_vcpu *vcpu, const struct ledger_counts *counts,
			     const char *when)
{
	uint64_t sum = ledger_sum(counts);

	if (sum == counts->entries)
		return true;
	return !complain(
		STATUS_FAILED,
		"the ledger does not add up: VM %u vCPU %u %s: %llu traps counted, %llu vector entries",
		vcpu->vm, vcpu->vcpu, when, (unsigned long long)sum, (unsigned long long)counts->entries);
}

/* All vCPUs are looked at, so that each that does not add up is told. */
bool ledger_is_sound(const struct ledger *ledger)
{
	bool sound = true;

	for (uint32_t i = 0; i < ledger->header.vcpus; i++) {
		const struct ledger_vcpu *vcpu = &ledger->vcpu[i];

		sound &= counts_are_sound(vcpu, &vcpu->now, "at the end");
		for (uint64_t m = 0; m < vcpu->marks && m < LEDGER_MARKS; m++) {
			char when[32] = "at mark 0";

			when[8] = (char)('0' + m);
			sound &= counts_are_sound(vcpu, &vcpu->mark[m], when);
		}
	}
	return sound;
}
