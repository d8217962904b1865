# The exhibits, from outside: an operating system whose disk has the tests' programs, too.

FORMS         := $(BUILD)/forms
LINUX_TESTS   := $(addprefix $(FORMS)/, linux-calls linux-libc)
FORMS_CC      := $(CROSS)gcc -march=rv32im -mabi=ilp32 -std=c11 $(WARNINGS) -O1

$(FORMS)/linux-calls: tests/forms/linux-calls.c
	@mkdir -p $(@D)
	$(FORMS_CC) -ffreestanding -nostdlib -static -Wl,--no-relax,-Ttext=0x10000 $< -o $@

$(FORMS)/linux-libc: tests/forms/linux-libc.c tests/forms/linux-posix.c tests/forms/linux.ld
	@mkdir -p $(@D)
	$(FORMS_CC) --specs=picolibc.specs -nostartfiles -static -Wl,--no-warn-rwx-segments -T tests/forms/linux.ld $(filter %.c,$^) -o $@

# Programs for the handle library that are none any more: cut off, a word of the header wrong, an import
# that nobody has.
SHIM_DAMAGED := $(addprefix $(FORMS)/, cut.prg header-4.prg header-8.prg header-12.prg header-16.prg header-20.prg unknown.prg)

$(FORMS)/cut.prg: $(SHIM)/primes.prg
	@mkdir -p $(@D)
	head -c 300 $< >$@

$(FORMS)/header-%.prg: $(SHIM)/primes.prg
	@mkdir -p $(@D)
	cp $< $@
	printf '\375\377\377\177' | dd of=$@ bs=1 seek=$* conv=notrunc status=none

$(FORMS)/unknown.prg: $(SHIM)/primes.prg
	@mkdir -p $(@D)
	sed 's/WriteText/WriteTest/' $< >$@

# Guests for the hosted monitor that check themselves.
HOSTED_TESTS := $(addprefix $(FORMS)/vm/, privileged-supervisor privileged-user)

$(FORMS)/vm/%: $(BUILD)/guests/%.elf $(BUILD)/droste
	@mkdir -p $(@D)
	$(BUILD)/droste pack --spare 0 -o $@ $<

$(FORMS)/packed.S: $(OS_PACKED) $(LINUX_TESTS) $(SHIM_DAMAGED) $(HOSTED_TESTS) guests/os/packed.sh
	@mkdir -p $(@D)
	guests/os/packed.sh $(OS) $(OS_PACKED) $(LINUX_TESTS) $(SHIM_DAMAGED) $(HOSTED_TESTS) >$@

$(FORMS)/os.elf: $(OS_KERNEL) $(FORMS)/packed.S $(GUEST_SUPPORT)
	$(OS_LINK)

.PHONY: test-forms
test-forms: all $(FORMS)/os.elf $(BUILD)/tests/guests
	tests/forms/forms.sh $(BUILD)
	tests/forms/wire.sh $(BUILD)
	tests/forms/table.sh $(BUILD)
	tests/forms/inspect.sh $(BUILD)
	$(BUILD)/tests/guests $(BUILD)/monitor.elf $(BUILD)/guests/forms $(FORM_GUESTS:$(BUILD)/%.elf=%.c)
