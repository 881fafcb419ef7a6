# Which images do the tests on QEMU boot?  Bare programs on guest-hyp/rt.  Included by the Makefile.
T := $(BUILD)/tests/guests
RUN := run enter
VISIBLE := $(patsubst tests/guests/visible/%.c,%,$(filter-out %/run.c,$(sort $(wildcard tests/guests/visible/*.c))))
FIDELITY := main steps memory interrupts operations
VICTIM := main checks words enter l2
HOSTILE := main encodings garbage tables calls devices words endless

$(eval $(call guest_image,$(T)/visible,$(patsubst %,$(G)/obj/tests/guests/visible/%.o,$(RUN) $(VISIBLE))))
$(eval $(call guest_image,$(T)/hostile,$(patsubst %,$(G)/obj/tests/guests/%.o,$(RUN:%=visible/%) visible/tables $(HOSTILE:%=hostile/%))))
$(eval $(call guest_image,$(T)/fidelity,$(patsubst %,$(G)/obj/tests/guests/%.o,$(RUN:%=visible/%) visible/tables $(FIDELITY:%=fidelity/%))))
$(eval $(call guest_image,$(T)/victim,$(patsubst %,$(G)/obj/tests/guests/%.o,$(RUN:%=visible/%) visible/tables $(VICTIM:%=victim/%))))
$(eval $(call guest_image,$(T)/features,$(G)/obj/tests/guests/features/main.o))
$(eval $(call guest_image,$(T)/witness,$(G)/obj/tests/guests/witness/main.o))

# Programs for Linux in L1, and its initramfs with one of them in it.
$(T)/ptrace $(T)/perf: $(T)/%: tests/guests/linux/%.c
	@mkdir -p $(@D)
	$(CROSS)gcc -std=gnu11 -O2 -static -s -Wall -Wextra -Werror -o $@ $<
$(T)/ptrace.cpio: $(G)/initramfs.cpio $(T)/ptrace
	cd $(T) && echo ptrace | cpio -o -H newc --quiet | cat $(abspath $<) - >$(@F)

.PHONY: tests-guests
tests-guests: $(T)/visible.img $(T)/hostile.img $(T)/fidelity.img $(T)/features.img $(T)/witness.img $(T)/victim.img $(T)/ptrace.cpio $(T)/perf
