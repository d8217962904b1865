# Library-call translation: the loader with both libraries, a program of the tiny operating system; and
# programs for it.  Included by guests/os/os.mk, whose disk has them.

SHIM          := $(BUILD)/guests/forms/shim
SHIM_LOADER   := $(addprefix $(SHIM)/, load.o native.o shim.o names.o count.o)
SHIM_PROGRAMS := $(patsubst guests/forms/shim/programs/%.c,$(SHIM)/%.prg,$(wildcard guests/forms/shim/programs/*.c))
SHIM_CC       := $(CROSS)gcc -march=rv32im -mabi=ilp32 -std=c11 $(WARNINGS) -O2 -ffreestanding -fPIE -fvisibility=hidden \
                 -msmall-data-limit=0 -ffunction-sections -fdata-sections -Iguests/forms/shim

$(SHIM)/%.o: guests/forms/shim/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(OS_CC) $(GUEST_DEPENDS) -c $< -o $@

$(SHIM)/%.o: guests/forms/shim/%.S
	@mkdir -p $(@D)
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -c $< -o $@

$(OS)/bin/shim.debug: $(SHIM_LOADER) $(OS_LIB)
	@mkdir -p $(@D)
	$(OS_CC) -nostdlib -Wl,--gc-sections $(OS)/lib/crt.o $(SHIM_LOADER) $(filter-out %/crt.o,$(OS_LIB)) -lc -lgcc -o $@

$(SHIM)/program-%.o: guests/forms/shim/%
	@mkdir -p $(@D)
	$(SHIM_CC) -MMD -MP -c $< -o $@

SHIM_LINK      = $(SHIM_CC) -nostdlib -static -Wl,--gc-sections,--no-warn-rwx-segments,--no-relax -T guests/forms/shim/program.ld $(filter %.c %.o,$^)

# A program can stand anywhere if it is the same for two places: no address is in it.
define SHIM_PROGRAM
	@mkdir -p $(@D)
	$(SHIM_LINK) -Wl,--defsym=base=0 -o $@.0
	$(SHIM_LINK) -Wl,--defsym=base=0x123450 -o $@.1
	for n in 0 1; do $(CROSS)objcopy -O binary $@.$$n $@.$$n.bin; done
	cmp $@.0.bin $@.1.bin
	mv $@.0.bin $@
	rm $@.0 $@.1 $@.1.bin
endef

SHIM_PARTS := $(SHIM)/program-begin.c.o $(SHIM)/program-imports.S.o guests/forms/shim/program.ld

$(SHIM)/%.prg: guests/forms/shim/programs/%.c $(SHIM_PARTS)
	$(SHIM_PROGRAM)
