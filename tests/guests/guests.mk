# Which images do the tests on QEMU boot?  Bare programs on guest-hyp/rt.  Included by the Makefile.
T := $(BUILD)/tests/guests
RUN := run enter
VISIBLE := $(patsubst tests/guests/visible/%.c,%,$(filter-out %/run.c,$(sort $(wildcard tests/guests/visible/*.c))))
HOSTILE := main encodings garbage tables calls devices words endless

$(eval $(call guest_image,$(T)/visible,$(patsubst %,$(G)/obj/tests/guests/visible/%.o,$(RUN) $(VISIBLE))))
$(eval $(call guest_image,$(T)/hostile,$(patsubst %,$(G)/obj/tests/guests/%.o,$(RUN:%=visible/%) visible/tables $(HOSTILE:%=hostile/%))))
$(eval $(call guest_image,$(T)/fidelity,$(patsubst %,$(G)/obj/tests/guests/%.o,$(RUN:%=visible/%) fidelity/main fidelity/steps)))
$(eval $(call guest_image,$(T)/witness,$(G)/obj/tests/guests/witness/main.o))

.PHONY: tests-guests
tests-guests: $(T)/visible.img $(T)/hostile.img $(T)/fidelity.img $(T)/witness.img
