/*
 * What happens to what L2 writes to a virtio console, and to what is typed?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_CONSOLE_H
#define GUEST_HYP_LINUX_KVM_GUEST_CONSOLE_H

#include "guest-hyp/linux/kvm-guest/virtio.h"

struct console {
	struct virtio virtio;
	int wake; /* eventfd: told when there is new room for input */
};

void console_make(struct console *console, int wake, const struct kvm *kvm, const struct memory *memory,
		  unsigned index);

/* The output of --exec's command: a second console, since a tty is what each kernel makes of one. */
void command_output_make(struct console *console, const struct kvm *kvm, const struct memory *memory,
			 unsigned index);

/* Gives L2 what it has room for; returns how many bytes that were. */
size_t console_type(struct console *console, const char *bytes, size_t size);
bool console_is_used(const struct console *console);
void console_resize(struct console *console, uint16_t columns, uint16_t rows);

#endif
