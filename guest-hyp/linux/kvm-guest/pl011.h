/*
 * What can L2 say before it has loaded any driver?
 */
#ifndef GUEST_HYP_LINUX_KVM_GUEST_PL011_H
#define GUEST_HYP_LINUX_KVM_GUEST_PL011_H

#include <stddef.h>

#include "guest-hyp/linux/kvm-guest/kvm.h"

#define PL011_IPA UINT64_C(0x09000000)
#define PL011_SIZE UINT64_C(0x1000)
#define PL011_INTID (FIRST_SPI + 1)

struct pl011 {
	const struct kvm *kvm;
	int wake; /* eventfd: told when there is new room for input */
	uint32_t control, line_control, ibrd, fbrd, trigger, mask, pending;
	char typed[16];
	size_t length;
};

uint32_t pl011_load(struct pl011 *uart, uint64_t offset);
void pl011_store(struct pl011 *uart, uint64_t offset, uint32_t value);

/* Gives L2 what it has room for; returns how many bytes that were. */
size_t pl011_type(struct pl011 *uart, const char *bytes, size_t size);

#endif
