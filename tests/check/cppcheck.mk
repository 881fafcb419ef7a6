# What does cppcheck get?  It takes 7 s to expand the register list, in each file that has it: it is given the expanded one.  Included by
# the Makefile.
EXPANDED := $(BUILD)/gen/cppcheck/nv/arch/sysreg.h
$(EXPANDED): $(wildcard nv/arch/*.h) | $(BUILD)/ready
	@mkdir -p $(@D)
	printf '#pragma once\n#include "nv/arch/fields.h"\n' >$@
	gcc -std=c11 -E -P -dD -I. -imacros nv/arch/sysreg_list.h -imacros nv/arch/fields.h nv/arch/sysreg.h | grep -v '^#[a-z]* _' >>$@
