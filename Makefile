# How is firn built, run and tested?  `make help` lists the targets.
#
# L0 (build/firn.img) is freestanding AArch64, linked twice: the second time with the table of its own symbols.  The pure
# folders are compiled a second time natively, with sanitizers, for the unit tests.

BUILD := $(if $(filter 1,$(DEBUG)),build-debug,build)
CACHE := $(or $(filter /%,$(XDG_CACHE_HOME)),$(HOME)/.cache)/firn
CROSS := aarch64-linux-gnu-
PREFIX ?= /usr/local
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
ifneq ($(V),1)
MAKEFLAGS += --no-print-directory
.SILENT:
say = @printf '  %-7s %s\n' $(1) $(2)
endif

.PHONY: all
all: $(BUILD)/firn.img $(BUILD)/firn $(BUILD)/outside.so $(BUILD)/view.html guest tests-guests tests-guests-s2

# ---- warnings, flags ----------------------------------------------------------------------------------------------

WARN := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes -Wundef -Werror
DEPS := -MMD -MP

# L0 has statement expressions in host/machine/sysreg.h; Debian's libfdt headers need a hosted string.h, which is declarations only.
TARGET_FLAGS := $(filter-out -Wpedantic,$(WARN)) -std=gnu11 -ffreestanding -mgeneral-regs-only -march=armv8-a \
	-mstrict-align -fno-pic -mcmodel=small -fno-common -O2 -g -fno-omit-frame-pointer -fno-stack-protector \
	-I. -I$(BUILD)/gen -isystem $(CACHE)/include $(DEPS)
# DEBUG=1: checks that cost time on the exit path, such as the order of locks.
ifeq ($(DEBUG),1)
TARGET_FLAGS += -DFIRN_DEBUG
endif
# With gcc all of L0 is compiled as one at the end: the exit path is a chain of small functions in many files.
GCC_ONLY := -mno-outline-atomics -flto=2 -flto-partition=one -ffat-lto-objects
GCC_LINK := $(CROSS)gcc $(filter-out -I% -MM% -MP,$(TARGET_FLAGS)) $(GCC_ONLY) -nostdlib -static -Wl,-z,noexecstack \
	-Wl,--no-warn-rwx-segments -Wl,--build-id=none
CLANG_ONLY := --target=aarch64-linux-gnu -Wno-gnu-statement-expression -mno-outline-atomics

PURE := $(sort $(wildcard nv/*.c nv/*/*.c vncr/*.c shadow-s2/*.c))
L0_C := $(sort $(filter-out host/run/asm_offsets.c,$(wildcard host/*/*.c))) $(PURE)
L0_S := $(sort $(wildcard host/*/*.S))
LIBFDT := $(CACHE)/arm64/libfdt.a

# ---- L0 -----------------------------------------------------------------------------------------------------------

# $(1) folder for objects, $(2) compiler with its own flags, $(3) linker, $(4) the compiler's name
define l0_build
$(1)/%.o: %.c $(BUILD)/gen/asm_offsets.h | $(BUILD)/ready
	@mkdir -p $$(@D)
	$$(call say,$(4),$$<)
	$(2) $$(TARGET_FLAGS) -c $$< -o $$@
$(1)/%.o: %.S $(BUILD)/gen/asm_offsets.h | $(BUILD)/ready
	@mkdir -p $$(@D)
	$$(call say,$(4),$$<)
	$(2) $$(TARGET_FLAGS) -c $$< -o $$@
$(1)/first.elf: $(L0_C:%.c=$(1)/%.o) $(L0_S:%.S=$(1)/%.o) host/boot/link.ld $(LIBFDT)
	$$(call say,LINK,$$@)
	$(3) -T host/boot/link.ld -o $$@.part $$(filter %.o %.a,$$^)
	mv $$@.part $$@ # a link that is killed leaves nothing that looks like one
$(1)/symbols.S: $(1)/first.elf host/report/symbols.awk
	$(CROSS)nm -n $$< | awk -f host/report/symbols.awk >$$@
$(1)/symbols.o: $(1)/symbols.S
	$(CROSS)gcc -c $$< -o $$@
$(1)/firn.elf: $(1)/first.elf $(1)/symbols.o
	$$(call say,LINK,$$@)
	$(3) -T host/boot/link.ld -o $$@.part $(L0_C:%.c=$(1)/%.o) $(L0_S:%.S=$(1)/%.o) $(1)/symbols.o $(LIBFDT)
	cmp <($(CROSS)nm -n $$< | grep -i ' t ') <($(CROSS)nm -n $$@.part | grep -i ' t ') # the table says where functions are now
	mv $$@.part $$@
-include $(L0_C:%.c=$(1)/%.d)
endef

$(eval $(call l0_build,$(BUILD)/target,$(CROSS)gcc $(GCC_ONLY),$(GCC_LINK),CC))
$(eval $(call l0_build,$(BUILD)/clang,clang $(CLANG_ONLY),ld.lld -nostdlib -z noexecstack,CLANG))

$(BUILD)/firn.img: $(BUILD)/target/firn.elf
	$(CROSS)objcopy -O binary $< $@

$(BUILD)/gen/asm_offsets.h: host/run/asm_offsets.c $(wildcard host/*/*.h nv/*.h nv/*/*.h vncr/*.h traces/*.h) | $(BUILD)/ready
	@mkdir -p $(@D)
	$(CROSS)gcc $(filter-out $(DEPS),$(TARGET_FLAGS)) -S $< -o $(@:.h=.s)
	grep -o '^#define [A-Z0-9_]* [0-9]*' $(@:.h=.s) >$@

.PHONY: clang
clang: $(BUILD)/clang/firn.elf ## build all of L0 with clang and lld as well

# ---- the program firn ---------------------------------------------------------------------------------------------

FIRN_C := $(sort $(wildcard experiments/firn/*.c experiments/firn/*/*.c traces/*.c nv/*.c))
NATIVE_FLAGS := $(WARN) -O2 -g -I. -DFIRN_LIBDIR='"$(PREFIX)/lib/firn"' $(DEPS)

$(BUILD)/native/%.o: %.c | $(BUILD)/ready
	@mkdir -p $(@D)
	$(call say,CC,$<)
	gcc $(NATIVE_FLAGS) -c $< -o $@
$(BUILD)/firn: $(FIRN_C:%.c=$(BUILD)/native/%.o)
	$(call say,LINK,$@)
	gcc -o $@ $^ -lfdt -lcjson -ltraceevent -lyaml -lcapstone -ldw -lelf -lm -pthread
	cp experiments/setup/requirements $(BUILD)/requirements
-include $(FIRN_C:%.c=$(BUILD)/native/%.d)

# The plugin that counts from outside is loaded into QEMU.
OUTSIDE_C := $(sort $(wildcard experiments/plugin/*.c)) nv/sysreg_table.c
$(BUILD)/plugin/%.o: %.c | $(BUILD)/ready
	@mkdir -p $(@D)
	$(call say,CC,$<)
	gcc $(NATIVE_FLAGS) -fPIC -fvisibility=hidden -c $< -o $@
$(BUILD)/outside.so: $(OUTSIDE_C:%.c=$(BUILD)/plugin/%.o)
	$(call say,LINK,$@)
	gcc -shared -o $@ $^
-include $(OUTSIDE_C:%.c=$(BUILD)/plugin/%.d)

include traces/view/view.mk experiments/experiments.mk

# ---- guests -------------------------------------------------------------------------------------------------------

include guest-hyp/guest.mk
-include $(wildcard tests/guests/*.mk tests/matrix/*.mk tests/traces/*.mk)

# ---- checks -------------------------------------------------------------------------------------------------------

UNIT_TESTS := $(sort $(shell find tests/unit -path tests/unit/host -prune -o -name 'test_*.c' -print))
UNIT_C := $(sort $(shell find tests/unit -path tests/unit/host -prune -o -name '*.c' -print)) $(PURE) $(wildcard traces/*.c) experiments/plugin/levels.c \
	$(patsubst %,experiments/firn/%.c,tool/complain tool/output tool/options tool/paths machine/exec_filter machine/resize measure/ledger measure/measure measure/outside measure/purposes \
	trace/symbols trace/redirect trace/messages trace/disassemble trace/trace_file trace/steps trace/names record/rings record/kallsyms record/nvhe \
	record/enrich record/tail record/trigger command/replay tool/table machine/guests machine/qemu tool/child $(EXPERIMENT_PURE))
# $(1) folder, $(2) compiler, $(3) its name, $(4) how it checks or optimizes
define unit_build
$(1)/%.o: %.c $(BUILD)/gen/unit_list.h | $(BUILD)/ready
	@mkdir -p $$(@D)
	$$(call say,$(3),$$<)
	$(2) $(WARN) -g $(4) -I. -I$(BUILD)/gen $(DEPS) -c $$< -o $$@
$(1)/unit: $(UNIT_C:%.c=$(1)/%.o)
	$(2) $(4) -o $$@ $$^ -lcunit -lfdt -lcjson -ltraceevent -lyaml -lcapstone -lm
-include $(UNIT_C:%.c=$(1)/%.d)
endef
SANITIZED := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
$(eval $(call unit_build,$(BUILD)/unit-gcc,gcc,CC,$(SANITIZED)))
$(eval $(call unit_build,$(BUILD)/unit-clang,clang,CLANG,$(SANITIZED)))
$(eval $(call unit_build,$(BUILD)/unit-fast,gcc,CC,-O2))

$(BUILD)/gen/unit_list.h: $(UNIT_TESTS) | $(BUILD)/ready
	@mkdir -p $(@D)
	grep -ho '^void register_[a-z0-9_]*(void);' $(UNIT_TESTS) | sed 's/void \(.*\)(void);/X(\1)/' >$@

# L0 itself on a fake machine (tests/unit/host/fake.h): all of host/ but what is the machine's.
HOST_UNIT_C := $(sort $(wildcard tests/unit/host/*.c)) $(PURE) $(filter-out host/machine/string.c host/machine/psci.c host/core/mmu.c \
	host/report/panic.c host/report/symbols.c host/machine/uart.c host/run/asm_offsets.c,$(wildcard host/*/*.c))
HOST_UNIT_FLAGS := $(filter-out -Wpedantic,$(WARN)) -std=gnu11 -g $(SANITIZED) --coverage -DLINEAR_VA=0x500000000000 -Dsched_yield=l0_sched_yield \
	-Itests/unit/host/fake -I. $(DEPS)
$(BUILD)/unit-host/%.o: %.c | $(BUILD)/ready
	@mkdir -p $(@D)
	$(call say,CC,$<)
	gcc $(HOST_UNIT_FLAGS) -c $< -o $@
$(BUILD)/unit-host/unit: $(HOST_UNIT_C:%.c=$(BUILD)/unit-host/%.o)
	gcc $(SANITIZED) --coverage -o $@ $^ -lcunit -lfdt
-include $(HOST_UNIT_C:%.c=$(BUILD)/unit-host/%.d)

.PHONY: unit fuzz prove check format-check static-check purity fmt
unit: $(BUILD)/unit-gcc/unit $(BUILD)/unit-clang/unit $(BUILD)/unit-fast/unit $(BUILD)/unit-host/unit ## native unit tests: sanitized, then a million cases
	for u in $(BUILD)/unit-gcc/unit $(BUILD)/unit-clang/unit; do echo "$$u"; $$u; done
	echo "$(BUILD)/unit-host/unit"; find $(BUILD)/unit-host -name '*.gcda' -delete; $(BUILD)/unit-host/unit
	tests/check/coverage $(BUILD)/unit-host host
	echo "$(BUILD)/unit-fast/unit"; FIRN_CASES=$${FIRN_CASES-1000000} $(BUILD)/unit-fast/unit

FUZZ_SECONDS ?= 30
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_WITH := nv/insn.c nv/sysreg_table.c $(wildcard nv/smmu/*.c nv/pci/*.c shadow-s2/*.c) $(patsubst %,tests/unit/shadow-s2/%.c,cases model reference)
$(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_WITH) $(wildcard nv/insn.h nv/smmu/*.h nv/pci/*.h shadow-s2/*.h tests/unit/shadow-s2/*.h tests/fuzz/*.h) | $(BUILD)/ready
	@mkdir -p $(@D)/corpus-$*
	$(call say,FUZZ,$<)
	clang $(WARN) -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. $(filter %.c,$^) -o $@

fuzz: $(FUZZ:%=$(BUILD)/fuzz/%) ## fuzz the shadow stage 2 and the decoders for FUZZ_SECONDS=30 in all
	for f in $(FUZZ); do echo "fuzz $$f for $$(($(FUZZ_SECONDS) / $(words $(FUZZ)))) s"; \
		$(BUILD)/fuzz/$$f -max_total_time=$$(($(FUZZ_SECONDS) / $(words $(FUZZ)))) -max_len=1024 -print_final_stats=0 \
			-artifact_prefix=$(BUILD)/fuzz/$$f- $(BUILD)/fuzz/corpus-$$f >$(BUILD)/fuzz/$$f.log 2>&1 || \
		{ tail -n 40 $(BUILD)/fuzz/$$f.log; exit 1; }; tail -n 1 $(BUILD)/fuzz/$$f.log; done

CBMC := $(CACHE)/cbmc/cbmc
PROOFS := $(shell grep -oh '^void prove_[a-z0-9_]*' tests/prove/*.c | cut -d ' ' -f 2 | sort -u)
PROVE_ABOUT := $(patsubst %,shadow-s2/%.c,combine geometry inval walk) $(patsubst %,nv/smmu/%.c,queue stream virtual)
PROVE_FLAGS := --unwind 7 --conversion-check --unsigned-overflow-check --verbosity 4 -I.
$(BUILD)/prove/%: $(PROVE_ABOUT) $(wildcard tests/prove/* shadow-s2/*.h nv/smmu/*.h nv/arch/*.h) | $(CBMC)
	@mkdir -p $(@D)
	set -- $(PROVE_FLAGS) --function $* $$(grep -l '^void $*(void)' tests/prove/*.c) $(PROVE_ABOUT); \
		$(CBMC) "$$@" >$@.log 2>&1 || { grep -E 'FAILURE|rror' $@.log; echo "how: $(CBMC) $$* --trace"; exit 1; }; \
		printf '  PROVE   %s, %d s\n' $* $$SECONDS
	touch $@

prove: $(PROOFS:%=$(BUILD)/prove/%) ## prove with CBMC what tests/prove claims of the shadow stage 2 and of L1's SMMU

SOURCES = $(shell git ls-files -co --exclude-standard '*.c' '*.h')
NO_CIRCLES := host experiments guest-hyp nv vncr shadow-s2 traces
format-check: $(BUILD)/firn $(PURE:%.c=$(BUILD)/target/%.o) guest view-format-check ## formats, layering and circles of files, without changing a file
	$(call say,FORMAT,"$(words $(SOURCES)) files")
	clang-format --dry-run -Werror $(SOURCES)
	$(call say,LAYERS,docs/layering.txt)
	tests/check/layering
	$(call say,CIRCLES,"$(NO_CIRCLES)")
	CROSS=$(CROSS) tests/check/circles $(BUILD) $(NO_CIRCLES)

purity: $(PURE:%.c=$(BUILD)/target/%.o) ## check that the pure folders need no hardware
	$(call say,PURITY,"$(words $(PURE)) objects")
	CROSS=$(CROSS) tests/check/purity $(BUILD)/target $(PURE)

include tests/check/cppcheck.mk
static-check: $(EXPANDED) $(BUILD)/gen/asm_offsets.h $(BUILD)/gen/unit_list.h ## cppcheck
	$(call say,CPPCHECK,"host nv vncr shadow-s2 traces experiments guest-hyp")
	mkdir -p $(BUILD)/cppcheck
	cppcheck --quiet --error-exitcode=1 --cppcheck-build-dir=$(BUILD)/cppcheck --inline-suppr --suppressions-list=tests/check/cppcheck.txt \
		--enable=warning,performance,portability --std=c11 -U__ASSEMBLER__ -I$(BUILD)/gen/cppcheck -I. -I$(BUILD)/gen -j2 \
		--template='{file}:{line}: {severity}: {message} [{id}]' host nv vncr shadow-s2 traces experiments guest-hyp

check: FUZZ_SECONDS := 15
# The same cases each time; make unit tries others.
check: export FIRN_SEED ?= 1
check: format-check purity static-check unit fuzz prove clang ## format, layering, purity, cppcheck, unit tests, proofs, short fuzzing, clang build

# The reader of trace.dat files, with libtraceevent behind it.
FUZZ_C := tests/fuzz/traces/fuzz_trace.c $(sort $(wildcard traces/*.c nv/*.c)) \
	$(patsubst %,experiments/firn/%.c,tool/complain tool/options tool/paths measure/measure trace/trace_file trace/steps \
	trace/names trace/symbols)
.PHONY: fuzz-traces
$(BUILD)/fuzz-traces/fuzz: $(FUZZ_C) $(wildcard traces/*.h experiments/firn/*/*.h) | $(BUILD)/ready
	@mkdir -p $(@D)/corpus
	$(call say,FUZZ,$@)
	clang -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. -DFIRN_LIBDIR='""' \
		-o $@ $(FUZZ_C) -ltraceevent
fuzz-traces: $(BUILD)/fuzz-traces/fuzz
	cp -n traces/recorded/*.dat $(BUILD)/fuzz-traces/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=131072 -rss_limit_mb=2048 -timeout=600 -detect_leaks=0 \
		-artifact_prefix=$(BUILD)/fuzz-traces/ $(BUILD)/fuzz-traces/corpus >$(BUILD)/fuzz-traces/log 2>&1 || \
		{ tail -n 40 $(BUILD)/fuzz-traces/log; exit 1; }; tail -n 1 $(BUILD)/fuzz-traces/log
fuzz: fuzz-traces

fmt: view-fmt ## format every source
	clang-format -i $(SOURCES)

.PHONY: hook compile_commands.json
hook: ## have git run the quick checks before each commit of this clone
	experiments/setup/hook

compile_commands.json: $(BUILD)/gen/asm_offsets.h $(BUILD)/gen/unit_list.h ## how each source is compiled, for clangd and editors
	experiments/setup/compile_commands $(BUILD) >$@

# ---- what a user does ---------------------------------------------------------------------------------------------

.PHONY: run test soak soak-l2 soak-devices slow-reader fidelity traces setup debian doctor install clean help bench
run: all ## boot Linux KVM under firn in both modes and count the traps of an L2 hypercall
	$(BUILD)/firn stat --guest linux --mode nv,nv2 --workload hypercall --iterations 1000,2000

test: all check ## every test: check, the command line, the machine on QEMU
	tests/cli/setup
	tests/cli/run $(BUILD)
	for t in run s2 irq devices kvm-guest user soak; do tests/qemu/$$t $(BUILD); done
	tests/fidelity/run $(BUILD)
	tests/traces/run $(BUILD)

SECONDS ?= 60
soak: all ## interrupts, timers and SGIs on vCPUs that share CPUs, again and again: make soak SECONDS=600
	end=$$(( $$(date +%s) + $(SECONDS) )); while [ $$(date +%s) -lt $$end ]; do tests/qemu/irq $(BUILD) soak beside; done

soak-l2: all ## a million SGIs and timer interrupts on four vCPUs of L2, under our L1 and under Linux; some half an hour
	for guest in small-vhe linux; do FIRN_STORM_ROUNDS=100000 FIRN_HANG_SECONDS=7200 tests/qemu/irq $(BUILD) "l2_storm $$guest nv2"; done

soak-devices: all ## disks and networks of L1 and L2, every byte compared: make soak-devices SECONDS=1800
	FIRN_SOAK_SECONDS=$(SECONDS) FIRN_HANG_SECONDS=$$(($(SECONDS) * 4 + 1800)) tests/qemu/soak $(BUILD)

slow-reader: all ## a recording that fills the ring of 64 MiB more than once, with a reader that is stopped again and again; some ten minutes
	tests/traces/slow $(BUILD)/firn 64M 20000,60000

STEPS ?= 1000000
SEED ?= 1
fidelity: all ## random steps at EL2, on the bare machine and under firn: make fidelity STEPS=1000000 SEED=1
	tests/fidelity/run $(BUILD) $(STEPS) $(SEED)

bench: all ## the numbers of docs/numbers.md, measured again
	experiments/numbers/run $(BUILD)

traces: all ## make the recordings of docs/lessons again
	traces/record $(BUILD)

debian: ## a Debian for L1 and L2, for firn run --guest debian: once, some minutes
	experiments/setup/setup --debian

setup: ## install what is missing: QEMU, compilers, libraries, kernels
	experiments/setup/setup

doctor: ## list what is missing, and the command that gets it
	@if [ -x $(BUILD)/firn ]; then $(BUILD)/firn doctor; else experiments/setup/setup --list && echo "nothing is missing"; fi

# Everything that is built waits for this; it costs one shell script when nothing is missing.
$(BUILD)/ready: experiments/setup/setup experiments/setup/requirements
	@mkdir -p $(@D)
	@experiments/setup/setup
	@touch $@

# Also when only the cache folder was removed.
$(LIBFDT) $(CACHE)/arm64/busybox $(CBMC) &: | $(BUILD)/ready
	@experiments/setup/setup

install: all ## install firn and what it needs: make install PREFIX=/usr/local
	install -D -m 755 $(BUILD)/firn $(DESTDIR)$(PREFIX)/bin/firn
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/firn $(BUILD)/firn.img $(BUILD)/outside.so $(BUILD)/view.html experiments/setup/requirements
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/firn/guest $(addprefix $(BUILD)/guest/,small-vhe.img small-nvhe.img lesson.img initramfs.cpio kvm-guest.cpio devices.cpio terminal.cpio applications.cpio)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/firn/arm64 $(wildcard $(CACHE)/arm64/vmlinuz-* $(CACHE)/arm64/modules-*.cpio $(CACHE)/arm64/drivers-*.cpio)

clean: ## remove what was built; the downloaded packages stay
	rm -rf $(BUILD)

# Of this file and those that it includes; in each, what stands behind its line "what a user does" is for users.
help: ## this list
	@awk -F ':.*## ' 'FNR == 1 { user = 0 } /^# -.* what a user does/ { user = 1 } !/^[a-z0-9._-]+:.*## / { next } \
		{ line = sprintf("  make %-23s%s\n", $$1, $$2) } user { first = first line; next } { second = second line } \
		END { printf "%s\nfor who works on firn:\n%s\n%s\n", first, second, \
			"plain `make` builds everything; V=1 shows the commands, -j2 uses two CPUs" }' \
		$(firstword $(MAKEFILE_LIST)) $(filter %.mk,$(MAKEFILE_LIST))
