# Guests: the library they stand on, those with nothing but their own code
# (guests/*.S), those without a C library (guests/*.c), and those with one
# (guests/programs/*.c).

GUEST_LIB      := $(BUILD)/guests/lib
GUEST_HEADERS  := $(addprefix $(GUEST_LIB)/include/, droste.h form.h world.h $(patsubst machine/%,%,$(wildcard machine/isa/*.h machine/isa/*.def)))
GUEST_SUPPORT  := $(addprefix $(GUEST_LIB)/, droste.specs guest.ld start.o libc.o libdroste-guest.a) $(GUEST_HEADERS)
GUEST_MEMBERS  := $(addprefix $(GUEST_LIB)/, main.o console.o disk.o trap.o check.o world.o enter.o memory.o)

GUEST_BARE     := $(patsubst guests/%,$(BUILD)/guests/%.elf,$(basename $(wildcard guests/*.c guests/*.S)))
GUEST_PROGRAMS := $(patsubst guests/programs/%.c,$(BUILD)/guests/%.elf,$(wildcard guests/programs/*.c))
GUESTS         := $(GUEST_BARE) $(GUEST_PROGRAMS)

GUEST_CC       := $(CROSS)gcc -B $(GUEST_LIB) --specs=droste.specs
GUEST_FLAGS    := -std=c11 $(WARNINGS) -O2 -g -D_DEFAULT_SOURCE
GUEST_DEPENDS   = -MMD -MP -MF $(basename $@).d -MT $@

.PHONY: guests
all: guests
guests: $(GUEST_SUPPORT) $(GUESTS) $(GUESTS:.elf=.expect)

# How a guest is to be run, beside it, for those who have no sources (README.md).
EXPECTATIONS = sed -n 's|^// \([a-z0-9-]*: .*\)|\1|p' $< >$@

$(BUILD)/guests/%.expect: guests/%.c
	@mkdir -p $(@D)
	$(EXPECTATIONS)

$(BUILD)/guests/%.expect: guests/%.S
	@mkdir -p $(@D)
	$(EXPECTATIONS)

$(BUILD)/guests/%.expect: guests/programs/%.c
	@mkdir -p $(@D)
	$(EXPECTATIONS)

$(GUEST_LIB)/include/isa/%: machine/isa/%
	@mkdir -p $(@D)
	cp $< $@

$(GUEST_LIB)/include/%.h: guests/lib/%.h
	@mkdir -p $(@D)
	cp $< $@

$(GUEST_LIB)/%: guests/lib/%
	@mkdir -p $(@D)
	cp $< $@

$(GUEST_LIB)/%.o: guests/lib/%.c $(GUEST_LIB)/droste.specs $(GUEST_HEADERS)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) -c $< -o $@

$(GUEST_LIB)/%.o: guests/lib/%.S $(GUEST_LIB)/droste.specs $(GUEST_HEADERS)
	$(GUEST_CC) $(GUEST_DEPENDS) -c $< -o $@

$(GUEST_LIB)/libdroste-guest.a: $(GUEST_MEMBERS)
	$(CROSS)ar rcs $@ $^

$(BUILD)/guests/%.elf: guests/%.c $(GUEST_SUPPORT)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) -nostdlib $(GUEST_LIB)/start.o $< -ldroste-guest -lgcc -o $@

$(BUILD)/guests/%.elf: guests/%.S $(GUEST_SUPPORT)
	$(GUEST_CC) $(GUEST_DEPENDS) -nostdlib $< -o $@

$(BUILD)/guests/%.elf: guests/programs/%.c $(GUEST_SUPPORT)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) $< -o $@

include guests/os/os.mk guests/forms/forms.mk
