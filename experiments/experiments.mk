# Which firn is it?  Included by the Makefile.

# Rewritten only when it is another commit, so that little is compiled again.
.PHONY: version
version:
$(BUILD)/gen/version.h: version
	@mkdir -p $(@D)
	echo "#define FIRN_COMMIT \"$$(git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null || echo unknown)\"" >$@.new
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(BUILD)/native/experiments/firn/measure/provenance.o: $(BUILD)/gen/version.h
$(BUILD)/native/experiments/firn/measure/provenance.o: NATIVE_FLAGS += -I$(BUILD)/gen
