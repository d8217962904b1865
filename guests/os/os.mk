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

# The table of packed files, and their bytes.
$(OS)/packed.S: $(OS_PROGRAMS)
	@{ echo '.section .rodata; .balign 4; .global packed_files; packed_files:'; \
	   for p in $(notdir $^); do echo ".word path_$$p, bytes_$$p, end_$$p"; done; \
	   echo '.word 0, 0, 0'; \
	   for p in $(notdir $^); do \
	     echo "path_$$p: .asciz \"/bin/$$p\""; \
	     echo ".balign 4; bytes_$$p: .incbin \"$(OS)/bin/$$p\"; end_$$p:"; done; } >$@

$(OS)/packed.o: $(OS)/packed.S
	$(GUEST_CC) -c $< -o $@

$(BUILD)/guests/os.elf: $(OS_KERNEL) $(OS)/packed.o $(GUEST_SUPPORT)
	$(GUEST_CC) -nostdlib -Wl,--gc-sections $(OS_KERNEL) $(OS)/packed.o -ldroste-guest -lc -lgcc -o $@
