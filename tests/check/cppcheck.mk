# What does cppcheck get?  It takes 7 s to expand the register list, in each file that has it: it is given the expanded one; and the fake
# machine's sites, since the assembly of the others is beyond it.  Included by the Makefile.
EXPANDED := $(addprefix $(BUILD)/gen/cppcheck/,nv/arch/sysreg.h host/machine/site.h)
$(BUILD)/gen/cppcheck/host/machine/site.h: tests/unit/host/fake/host/machine/site.h
	@mkdir -p $(@D)
	cp $< $@
$(BUILD)/gen/cppcheck/nv/arch/sysreg.h: $(wildcard nv/arch/*.h) | $(BUILD)/ready
	@mkdir -p $(@D)
	printf '#pragma once\n#include "nv/arch/fields.h"\n' >$@
	gcc -std=c11 -E -P -dD -I. -imacros nv/arch/sysreg_list.h -imacros nv/arch/fields.h nv/arch/sysreg.h | grep -v '^#[a-z]* _' >>$@
