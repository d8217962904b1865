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

$(OS)/bin/hosted.debug: $(HOSTED_OBJECTS) monitor/monitor.ld
	@mkdir -p $(@D)
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,--no-warn-rwx-segments -Wl,-z,max-page-size=4 \
	        -T monitor/monitor.ld -Wl,--gc-sections $(HOSTED_OBJECTS) -o $@

$(OS)/vm/%: $(BUILD)/guests/%.elf $(BUILD)/droste
	@mkdir -p $(@D)
	$(BUILD)/droste pack --spare 0 -o $@ $<

# The table of packed files, and their bytes.
$(OS)/packed.S: $(OS_PROGRAMS) $(OS)/bin/hosted $(OS_IMAGES)
	@{ echo '.section .rodata; .balign 4; .global packed_files; packed_files:'; n=0; \
	   for p in $(^:$(OS)/%=%); do echo ".word path_$$n, bytes_$$n, end_$$n"; n=$$((n + 1)); done; \
	   echo '.word 0, 0, 0'; n=0; \
	   for p in $(^:$(OS)/%=%); do \
	     echo "path_$$n: .asciz \"/$$p\""; \
	     echo ".balign 4; bytes_$$n: .incbin \"$(OS)/$$p\"; end_$$n:"; n=$$((n + 1)); done; } >$@

$(OS)/packed.o: $(OS)/packed.S
	$(GUEST_CC) -c $< -o $@

$(BUILD)/guests/os.elf: $(OS_KERNEL) $(OS)/packed.o $(GUEST_SUPPORT)
	$(GUEST_CC) -nostdlib -Wl,--gc-sections $(OS_KERNEL) $(OS)/packed.o -ldroste-guest -lc -lgcc -o $@
