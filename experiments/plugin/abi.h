/*
 * What of QEMU's plugin interface does ours use?  Debian packages no header of it, so what is needed is declared here: QEMU's
 * manual, "TCG Plugins", version 3 of the interface (QEMU 9.1) and those after it that still take it.  The two structures of GLib
 * are those of its manual; the functions come with QEMU, which is linked with GLib.
 */
#ifndef EXPERIMENTS_PLUGIN_ABI_H
#define EXPERIMENTS_PLUGIN_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ABI_VERSION 3
#define ABI_EXPORT __attribute__((visibility("default")))

/* QEMU looks these two up. */
extern ABI_EXPORT int qemu_plugin_version;

struct qemu_info {
	const char *target;
	struct {
		int oldest, newest;
	} version;
	bool system;
	struct {
		int vcpus, vcpus_most;
	} smp;
};
ABI_EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv);

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_scoreboard;

/* A counter of each vCPU: a member of what the scoreboard has for it. */
struct qemu_plugin_u64 {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
};

enum {
	QEMU_PLUGIN_CB_NO_REGS,
	QEMU_PLUGIN_CB_R_REGS,
};

enum {
	QEMU_PLUGIN_INLINE_ADD_U64,
};

void qemu_plugin_register_vcpu_init_cb(uint64_t id, void (*call)(uint64_t id, unsigned vcpu));
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*call)(uint64_t id, struct qemu_plugin_tb *block));
void qemu_plugin_register_atexit_cb(uint64_t id, void (*call)(uint64_t id, void *context), void *context);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *out, size_t size);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

/* Both happen before the instruction, in the order in which they were registered. */
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*call)(unsigned vcpu, void *context), int flags,
					    void *context);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int operation,
							 struct qemu_plugin_u64 counter, uint64_t value);

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size);
void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *score, unsigned vcpu);

/* GLib's GArray and GByteArray. */
struct g_array {
	char *data;
	unsigned length;
};
struct g_byte_array {
	uint8_t *data;
	unsigned length;
};
struct g_byte_array *g_byte_array_new(void);
struct g_byte_array *g_byte_array_set_size(struct g_byte_array *array, unsigned size);
char *g_array_free(struct g_array *array, int free_segment);

struct qemu_plugin_register;
struct qemu_plugin_reg_descriptor {
	struct qemu_plugin_register *handle;
	const char *name, *feature;
};

/* Of the vCPU that calls: from its vcpu_init or a callback with QEMU_PLUGIN_CB_R_REGS. */
struct g_array *qemu_plugin_get_registers(void);
int qemu_plugin_read_register(struct qemu_plugin_register *handle, struct g_byte_array *out);

#endif
