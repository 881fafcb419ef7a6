# How is everything that runs below firn built?  Bare images on guest-hyp/rt, the L2 payload, Linux's initramfs.
# Included by the Makefile; may also be used alone: make -f guest-hyp/guest.mk guest
BUILD ?= build
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/firn
CROSS ?= aarch64-linux-gnu-
TARGET_CC ?= $(CROSS)gcc
TARGET_LD ?= $(CROSS)ld
G := $(BUILD)/guest

GUEST_CFLAGS := -I. -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
	-Wmissing-prototypes -Wstrict-prototypes -Wundef -Werror -ffreestanding -fno-builtin \
	-mgeneral-regs-only -march=armv8.1-a+nolse -mno-outline-atomics -mstrict-align -fno-common -O2 -g \
	-fno-omit-frame-pointer -fno-stack-protector -fvisibility=hidden -MMD -MP
# Bare images are relocated by start.S, so their code may be ordinary small-model code.
GUEST_PIC := -fno-pic -mcmodel=small
GUEST_LDFLAGS := -nostdlib -pie --no-dynamic-linker -z notext -z norelro -z max-page-size=4096 \
	--no-warn-rwx-segments

$(G)/obj/%.o: %.c | $(BUILD)/ready
	@mkdir -p $(@D)
	$(TARGET_CC) $(GUEST_CFLAGS) $(GUEST_PIC) -c -o $@ $<
$(G)/obj/%.o: %.S | $(BUILD)/ready
	@mkdir -p $(@D)
	$(TARGET_CC) $(GUEST_CFLAGS) -c -o $@ $<

# What a bare program links with.  A test program is: $(call guest_image,NAME,OBJECTS)
GUEST_RT := $(patsubst %,$(G)/obj/guest-hyp/rt/%.o,start begin vectors exception level machine mmu print fail psci string)
GUEST_LIBFDT ?= $(CACHE)/arm64/libfdt.a

# $(1) image without suffix, $(2) objects
define guest_image
$(1).elf: $(2) $(GUEST_RT) $(GUEST_LIBFDT) guest-hyp/rt/link.ld
	@mkdir -p $$(@D)
	$(TARGET_LD) $(GUEST_LDFLAGS) -T guest-hyp/rt/link.ld -o $$@ $(GUEST_RT) $(2) $(GUEST_LIBFDT)
$(1).img: $(1).elf
	$(CROSS)objcopy -O binary $$< $$@
endef

# L2: one flat image that L1 and kvm-runner both carry.
L2_OBJ := $(patsubst %,$(G)/obj/guest-hyp/l2/%.pie.o,start main payload exits irqs timers pages storm cpu_off)
$(G)/obj/%.pie.o: %.c | $(BUILD)/ready
	@mkdir -p $(@D)
	$(TARGET_CC) $(GUEST_CFLAGS) -fpie -c -o $@ $<
$(G)/obj/%.pie.o: %.S | $(BUILD)/ready
	@mkdir -p $(@D)
	$(TARGET_CC) $(GUEST_CFLAGS) -c -o $@ $<
$(G)/l2.elf: $(L2_OBJ) guest-hyp/l2/link.ld
	$(TARGET_LD) $(GUEST_LDFLAGS) -T guest-hyp/l2/link.ld -o $@ $(L2_OBJ)
$(G)/l2.bin: $(G)/l2.elf
	$(CROSS)objcopy -O binary -j .image $< $@
$(G)/obj/guest-hyp/l2/blob.o: guest-hyp/l2/blob.S $(G)/l2.bin
	@mkdir -p $(@D)
	$(TARGET_CC) -Wa,-I$(G) -c -o $@ $<

# L1: one source, two builds.
L1_FILES := main exit smp world gic cpu workload stage2
L1_COMMON := $(patsubst %,$(G)/obj/guest-hyp/%.o,l1/start l1/vectors l2/blob)
define small_hypervisor
$(G)/obj/$(1)/%.o: guest-hyp/l1/%.c | $(BUILD)/ready
	@mkdir -p $$(@D)
	$$(TARGET_CC) $$(GUEST_CFLAGS) $$(GUEST_PIC) -DVHE=$(2) -c -o $$@ $$<
$(call guest_image,$(G)/$(1),$(L1_FILES:%=$(G)/obj/$(1)/%.o) $(L1_COMMON))
endef
$(eval $(call small_hypervisor,small-vhe,1))
$(eval $(call small_hypervisor,small-nvhe,0))

# The program of the lessons about one level.
$(eval $(call guest_image,$(G)/lesson,$(patsubst %,$(G)/obj/guest-hyp/lesson/%.o,main gic interrupts vcpus secondary enter enter_eret ipi ipi_exits ipi_vectors guests guests_entry attributes)))

# Linux as L1: a static program and an initramfs around it.  Same inputs, same bytes: times, owners and order
# are fixed.
$(G)/kvm-runner: guest-hyp/linux/kvm-runner.c guest-hyp/l2/l2.h $(G)/obj/guest-hyp/l2/blob.o
	@mkdir -p $(@D)
	$(CROSS)gcc -I. -std=gnu11 -O2 -g -static -pthread -Wall -Wextra -Werror -o $@ $< $(G)/obj/guest-hyp/l2/blob.o

$(G)/counter: guest-hyp/linux/counter.c
	@mkdir -p $(@D)
	$(CROSS)gcc -std=gnu11 -O2 -static -Wall -Wextra -Werror -o $@ $<

$(G)/initramfs.cpio: $(G)/kvm-runner $(G)/counter guest-hyp/linux/init $(CACHE)/arm64/busybox
	rm -rf $(G)/initramfs
	mkdir -p $(addprefix $(G)/initramfs/,bin dev proc sys tmp)
	install -m 755 guest-hyp/linux/init $(G)/initramfs/init
	install -m 755 $(CACHE)/arm64/busybox $(G)/initramfs/bin/busybox
	ln -s busybox $(G)/initramfs/bin/sh
	$(CROSS)strip -o $(G)/initramfs/bin/kvm-runner $(G)/kvm-runner
	$(CROSS)strip -o $(G)/initramfs/bin/counter $(G)/counter
	chmod -R u=rwX,go=rX $(G)/initramfs
	find $(G)/initramfs -exec touch -h -d @0 {} +
	cd $(G)/initramfs && find . | LC_ALL=C sort | \
		cpio -o -H newc --quiet --reproducible --owner 0:0 >../initramfs.cpio.new
	mv $@.new $@

# kvm-guest and what it gives to its L2, in an archive of its own: only a machine that somebody sits at has it.
KVM_GUEST_C := $(sort $(wildcard guest-hyp/linux/kvm-guest/*.c))
KVM_GUEST_FLAGS := -I. -isystem $(CACHE)/include -std=gnu11 -O2 -g -pthread -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow \
	-Wmissing-prototypes -Wstrict-prototypes -Wundef -Werror -MMD -MP
$(G)/obj/guest-hyp/linux/kvm-guest/%.o: guest-hyp/linux/kvm-guest/%.c $(GUEST_LIBFDT) | $(BUILD)/ready
	@mkdir -p $(@D)
	$(CROSS)gcc $(KVM_GUEST_FLAGS) -c -o $@ $<
$(G)/kvm-guest: $(KVM_GUEST_C:%.c=$(G)/obj/%.o) $(GUEST_LIBFDT)
	$(CROSS)gcc -static -pthread -o $@ $^

$(G)/kvm-guest.cpio: $(G)/kvm-guest guest-hyp/linux/kvm-guest/init guest-hyp/linux/kvm-guest/l2-initramfs guest-hyp/linux/root
	rm -rf $(G)/kvm-guest.d
	mkdir -p $(G)/kvm-guest.d/bin $(G)/kvm-guest.d/lib/kvm-guest
	install -m 755 guest-hyp/linux/kvm-guest/init $(G)/kvm-guest.d/lib/kvm-guest/init
	install -m 644 guest-hyp/linux/root $(G)/kvm-guest.d/lib/kvm-guest/root
	install -m 755 guest-hyp/linux/kvm-guest/l2-initramfs $(G)/kvm-guest.d/bin/l2-initramfs
	$(CROSS)strip -o $(G)/kvm-guest.d/bin/kvm-guest $(G)/kvm-guest
	chmod -R u=rwX,go=rX $(G)/kvm-guest.d
	find $(G)/kvm-guest.d -exec touch -h -d @0 {} +
	cd $(G)/kvm-guest.d && find . | LC_ALL=C sort | \
		cpio -o -H newc --quiet --reproducible --owner 0:0 >../kvm-guest.cpio.new
	mv $@.new $@

# What loads the drivers of devices that move data, in an archive of its own: only a machine that has some gets it.
$(G)/devices.cpio: guest-hyp/linux/devices/init guest-hyp/linux/devices/vfio-bind guest-hyp/linux/devices/dma-read guest-hyp/linux/devices/with-vfio guest-hyp/linux/root
	rm -rf $(G)/devices.d
	mkdir -p $(G)/devices.d/firn $(G)/devices.d/bin
	install -m 755 guest-hyp/linux/devices/vfio-bind $(G)/devices.d/bin/vfio-bind
	install -m 755 guest-hyp/linux/devices/dma-read $(G)/devices.d/bin/dma-read
	install -m 755 guest-hyp/linux/devices/with-vfio $(G)/devices.d/bin/with-vfio
	install -m 644 guest-hyp/linux/root $(G)/devices.d/firn/root
	install -m 755 guest-hyp/linux/devices/init $(G)/devices.d/firn/devices
	find $(G)/devices.d -exec touch -h -d @0 {} +
	cd $(G)/devices.d && find . | LC_ALL=C sort | \
		cpio -o -H newc --quiet --reproducible --owner 0:0 >../devices.cpio.new
	mv $@.new $@

# What stands between L1's shell and a user's terminal, in an archive of its own, too.
$(G)/terminal: guest-hyp/linux/terminal.c
	@mkdir -p $(@D)
	$(CROSS)gcc -std=gnu11 -O2 -static -Wall -Wextra -Wconversion -Wshadow -Werror -o $@ $<
$(G)/terminal.cpio: $(G)/terminal
	rm -rf $(G)/terminal.d
	mkdir -p $(G)/terminal.d/bin
	$(CROSS)strip -o $(G)/terminal.d/bin/terminal $(G)/terminal
	chmod -R u=rwX,go=rX $(G)/terminal.d
	find $(G)/terminal.d -exec touch -h -d @0 {} +
	cd $(G)/terminal.d && find . | LC_ALL=C sort | \
		cpio -o -H newc --quiet --reproducible --owner 0:0 >../terminal.cpio.new
	mv $@.new $@

# What the experiment `applications` adds to Debian's packages (experiments/setup/setup).
$(G)/applications.d/bin/%: guest-hyp/linux/applications/%.c
	@mkdir -p $(@D)
	$(CROSS)gcc -std=gnu11 -O2 -static -Wall -Wextra -Werror -o $@ $<
	$(CROSS)strip $@
$(G)/applications.d/bin/application: guest-hyp/linux/applications/application
	@mkdir -p $(@D)
	install -m 755 $< $@
$(G)/applications.cpio: $(addprefix $(G)/applications.d/bin/,mark small disk application)
	find $(G)/applications.d -exec touch -h -d @0 {} +
	cd $(G)/applications.d && find . | LC_ALL=C sort | \
		cpio -o -H newc --quiet --reproducible --owner 0:0 >../applications.cpio.new
	mv $@.new $@

.PHONY: guest
guest: $(G)/applications.cpio $(G)/devices.cpio $(G)/small-vhe.img $(G)/small-nvhe.img $(G)/lesson.img $(G)/kvm-runner $(G)/initramfs.cpio $(G)/kvm-guest.cpio $(G)/terminal.cpio

-include $(shell find $(G)/obj -name '*.d' 2>/dev/null)
