# The images of the tests of stage 2.  tests/guests/s2_oracle is linked with L0's own walkers.  Included by the Makefile.
S2_ORACLE := $(patsubst %,$(G)/obj/%.o,$(basename $(sort $(wildcard tests/guests/s2_oracle/*.c tests/guests/s2_oracle/*.S))) \
	shadow-s2/walk shadow-s2/geometry shadow-s2/combine nv/s1_walk)
$(eval $(call guest_image,$(BUILD)/tests/guests/s2_oracle,$(S2_ORACLE)))

S2_HOSTILE := $(patsubst %,$(G)/obj/%.o,$(basename $(sort $(wildcard tests/guests/s2_hostile/*.c tests/guests/s2_hostile/*.S))) \
	tests/guests/s2_oracle/enter)
$(eval $(call guest_image,$(BUILD)/tests/guests/s2_hostile,$(S2_HOSTILE)))

.PHONY: tests-guests-s2
tests-guests-s2: $(BUILD)/tests/guests/s2_oracle.img $(BUILD)/tests/guests/s2_hostile.img
