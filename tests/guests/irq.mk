# The program of tests/qemu/irq: interrupts, timers and several vCPUs at L1.  Included by the Makefile.
IRQ_GUEST := $(BUILD)/tests/guests/irq
$(eval $(call guest_image,$(IRQ_GUEST),$(patsubst %,$(G)/obj/tests/guests/irq/%.o,main start smp gic cases storm sve vtime its lpi lpi_random rtc serror timers edu nvme virtio pci l2)))

.PHONY: tests-guests
tests-guests: $(IRQ_GUEST).img
