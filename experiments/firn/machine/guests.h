/*
 * Which guests, modes, CPUs and workloads are there?
 */
#ifndef EXPERIMENTS_FIRN_MACHINE_GUESTS_H
#define EXPERIMENTS_FIRN_MACHINE_GUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_CPUS 8 /* vCPUs that L0 gives to one VM */
#define VMS_MOST 8 /* VMs of one machine */

enum guest_kind {
	GUEST_SMALL,  /* our own guest hypervisor: runs one workload and switches off */
	GUEST_LESSON, /* one level, with workloads of its own that are for recording */
	GUEST_LINUX,  /* a Linux kernel with our initramfs: a shell, and kvm-runner for the workloads */
};

struct guest {
	const char *name;
	enum guest_kind kind;
	const char *kernel; /* small: file beside the L0 image; Linux: file in the cache folder */
	const char *
		modules; /* Linux: its archive of modules for a kvm-guest in it, in the cache folder; may be missing */
	const char *bootargs; /* that this guest always needs */
	uint64_t min_memory;  /* bytes; below it the guest cannot start */
	const char *about;
	const char *root; /* image of a root file system, in the cache folder, for firn run alone; or NULL */
};

enum workload_for {
	FOR_ALL,
	FOR_SMALL,	    /* only our own guest hypervisors can do it */
	FOR_LINUX,	    /* only a Linux */
	FOR_KVM_GUEST,	    /* only a Linux, by kvm-guest */
	FOR_L1_APPLICATION, /* a program of a Linux, counted from outside */
	FOR_L2_APPLICATION, /* of the Linux that it boots with kvm-guest */
	FOR_L2_VFIO,	    /* of one that QEMU boots, and that has L1's disk by VFIO */
	FOR_L1_BOOT,	    /* a Linux from reset to its shell, counted from outside */
};

struct workload {
	const char *name;
	uint64_t iterations[2]; /* the two run lengths when the user gives none */
	const char *about;
	uint64_t memory; /* of L1, in bytes; 0: as all others */
	enum workload_for who;
	unsigned cpus;	    /* that L1 has to have for it, and has unless told otherwise */
	unsigned vms;	    /* that do it at the same time, sharing one CPU if there are several */
	bool disk;	    /* L1 has one, for it */
	const char *append; /* more words for L1's kernel, or NULL */
};

struct choice {
	const char *name;
	const char *about;
};

/* The program of guest-hyp/linux/applications that it is, or NULL. */
const char *workload_application(const struct workload *workload);

/* Is it counted from outside whoever is L0, since its marks are no calls of L0's? */
bool workload_is_outside(const struct workload *workload);

/* Which guests can do the workload, where this one can't; else NULL. */
const char *workload_wants(const struct workload *workload, const struct guest *guest);

extern const struct guest guests[];
extern const size_t guest_count;
extern const struct workload workloads[];
extern const size_t workload_count;
extern const struct workload lessons[];
extern const size_t lesson_count;
/* Can this guest do it?  False after one line on stderr. */
bool workload_is_for(const struct workload *workload, const struct guest *guest);
/* Can L1 do it with so many CPUs?  False after one line on stderr. */
bool workload_fits(const struct workload *workload, uint64_t smp);
/* Can it be done in so many VMs?  Likewise. */
bool workload_has_vms(const struct workload *workload, uint64_t vms);

extern const struct choice modes[];
extern const size_t mode_count;
/* What may run in the place of firn: its machines are counted from outside (measure/outside.h). */
extern const struct choice peers[];
extern const size_t peer_count;
extern const struct choice cpus[];
extern const size_t cpu_count;

/* Each find returns NULL for an unknown name, after one line on stderr with the valid ones. */
const struct guest *guest_find(const char *name);
const struct workload *workload_find(const char *name);
const struct workload *workload_of(const struct guest *guest, const char *name); /* one that this guest has */
const struct choice *mode_find(const char *name);
const struct choice *mode_or_peer_find(const char *name);
bool is_peer(const char *mode);
const struct choice *cpu_find(const char *name);

#endif
