# The tiny operating system: a kernel that carries its programs in its own image and puts
# them on its disk when it finds none of its file systems there.

OS          := $(BUILD)/guests/os
OS_PROGRAMS := $(patsubst guests/os/programs/%.c,$(OS)/bin/%,$(wildcard guests/os/programs/*.c))
OS_KERNEL   := $(patsubst guests/os/kernel/%.c,$(OS)/kernel/%.o,$(wildcard guests/os/kernel/*.c)) $(OS)/kernel/entry.o
OS_LIB      := $(OS)/lib/crt.o $(OS)/lib/posix.o $(OS)/lib/edit.o
OS_CC       := $(GUEST_CC) $(GUEST_FLAGS) -Os -DPICOLIBC_INTEGER_PRINTF_SCANF -Iguests/os -Iguests/os/lib
OS_STRIP    := $(CROSS)strip

all: $(BUILD)/guests/os.elf

$(OS)/%.o: guests/os/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(OS_CC) $(GUEST_DEPENDS) -c $< -o $@

$(OS)/%.o: guests/os/%.S $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_DEPENDS) -c $< -o $@

$(OS)/bin/%.debug: guests/os/programs/%.c $(OS_LIB)
	@mkdir -p $(@D)
	$(OS_CC) $(GUEST_DEPENDS) -nostdlib -Wl,--gc-sections $(OS)/lib/crt.o $< $(filter-out %/crt.o,$(OS_LIB)) -lc -lgcc -o $@

$(OS)/bin/%: $(OS)/bin/%.debug
	$(OS_STRIP) $< -o $@

# The hosted monitor (guests/forms): the reference monitor's own parts, above the kernel's
# calls; and boot images for it.
HOSTED_SOURCES := $(addprefix monitor/, dispatcher.c interpreter.c allocator.c scheduler.c boot.c) \
                  guests/forms/hosted.c guests/forms/hosted-start.S
HOSTED_OBJECTS := $(HOSTED_SOURCES:%=$(BUILD)/pg32/%.o)
OS_IMAGES      := $(addprefix $(OS)/vm/, hello echo timer)

$(BUILD)/pg32/guests/%.c.o: guests/%.c
	@mkdir -p $(@D)
	$(CROSS)gcc $(MONITOR_CFLAGS) -I. -Imachine -MMD -MP -c $< -o $@

$(BUILD)/pg32/guests/%.S.o: guests/%.S
	@mkdir -p $(@D)
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -c $< -o $@

# Programs that translate for others.
OS_FORMS := $(addprefix $(OS)/bin/, linux)

$(OS_FORMS:%=%.debug): $(OS)/bin/%.debug: guests/forms/%.c $(OS_LIB)
	@mkdir -p $(@D)
	$(OS_CC) $(GUEST_DEPENDS) -nostdlib -Wl,--gc-sections $(OS)/lib/crt.o $< $(filter-out %/crt.o,$(OS_LIB)) -lc -lgcc -o $@

include guests/forms/shim/shim.mk

$(OS)/bin/hosted.debug: $(HOSTED_OBJECTS) monitor/monitor.ld
	@mkdir -p $(@D)
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,--no-warn-rwx-segments -Wl,-z,max-page-size=4 \
	        -T monitor/monitor.ld -Wl,--gc-sections $(HOSTED_OBJECTS) -o $@

$(OS)/vm/%: $(BUILD)/guests/%.elf $(BUILD)/droste
	@mkdir -p $(@D)
	$(BUILD)/droste pack --spare 0 -o $@ $<

# The image: the kernel, and the files for its disk.  More of them, at /usr: make
# OS_FILES='a b'.
OS_FILES  ?=
OS_PACKED := $(OS_PROGRAMS) $(OS)/bin/hosted $(OS_FORMS) $(OS)/bin/shim $(OS_IMAGES) $(SHIM_PROGRAMS)
OS_LINK    = $(GUEST_CC) -nostdlib -Wl,--gc-sections $(OS_KERNEL) $(filter %.S,$^) -ldroste-guest -lc -lgcc -o $@

.PHONY: always
$(OS)/files.list: always
	@mkdir -p $(@D)
	@echo '$(OS_FILES)' | cmp -s - $@ || echo '$(OS_FILES)' >$@

$(OS)/packed.S: $(OS_PACKED) $(OS_FILES) $(OS)/files.list guests/os/packed.sh
	guests/os/packed.sh $(OS) $(OS_PACKED) $(OS_FILES) >$@

$(BUILD)/guests/os.elf: $(OS_KERNEL) $(OS)/packed.S $(GUEST_SUPPORT)
	$(OS_LINK)
