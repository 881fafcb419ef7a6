# What does `firn experiment` find beside the program?  Definitions and published numbers, a reader in Python, and which firn it is.  Included by the
# Makefile.
EXPERIMENT_PURE := tool/progress tool/file tool/csv $(addprefix experiment/,published markup definition_words definition_runs definition_figures definition_file definition_check result_names absent matrix statistics store ending slurm_job costs summary bounds sensitivity beside plot plot_parts plot_quantiles plot_time plot_words document sequences overheads compare)
EXPERIMENT_FILES := $(sort $(wildcard experiments/catalog/*.yaml experiments/published/*.csv))

# Rewritten only when it is another commit, so that little is compiled again.
.PHONY: version
version:
$(BUILD)/gen/version.h: version
	@mkdir -p $(@D)
	echo "#define FIRN_COMMIT \"$$(git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null || echo unknown)\"" >$@.new
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(BUILD)/native/experiments/firn/measure/provenance.o: $(BUILD)/gen/version.h
$(BUILD)/native/experiments/firn/measure/provenance.o: NATIVE_FLAGS += -I$(BUILD)/gen

$(BUILD)/experiments.done: $(EXPERIMENT_FILES)
	rm -rf $(BUILD)/catalog $(BUILD)/published
	mkdir -p $(BUILD)/catalog $(BUILD)/published
	cp experiments/catalog/*.yaml $(BUILD)/catalog
	cp experiments/published/*.csv $(BUILD)/published
	touch $@
all: $(BUILD)/experiments.done

# ---- what a user does ---------------------------------------------------------------------------------------------

.PHONY: experiments install-experiments
EXPERIMENTS_OUT ?= $(BUILD)/experiments
experiments: all ## run every experiment of experiments/catalog, or go on with them; results in build/experiments
	@mkdir -p $(EXPERIMENTS_OUT)
	for e in $(patsubst experiments/catalog/%.yaml,%,$(wildcard experiments/catalog/*.yaml)); do \
		$(BUILD)/firn experiment run $$e --jobs 2 --resume --out $(EXPERIMENTS_OUT)/$$e; done

.PHONY: counts
counts: all ## traps of the small guest hypervisors, which have to be exactly tests/experiments/counts.csv; ACCEPT=1 writes that anew
	tests/experiments/run $(BUILD) $(if $(ACCEPT),--accept)

install: install-experiments
install-experiments: all
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/firn/catalog experiments/catalog/*.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/firn/published experiments/published/*.csv
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/firn/python experiments/python/*.py

.PHONY: test-experiments
test: test-experiments
test-experiments: all
	tests/cli/experiment $(BUILD)
	tests/cli/slurm $(BUILD)
	tests/experiments/run $(BUILD)
	tests/experiments/outside $(BUILD)
