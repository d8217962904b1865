# The machine: a library, with the tables that PG-32 code shares, and the
# instruction manual made from them.

MACHINE_SOURCES := $(filter-out machine/isa/manual.c,$(wildcard machine/*.c machine/isa/*.c machine/engine/*.c))
MACHINE_OBJECTS := $(MACHINE_SOURCES:%.c=$(BUILD)/host/%.o)
LIBDROSTE       := $(BUILD)/libdroste.a

$(LIBDROSTE): $(MACHINE_OBJECTS)
	$(AR) rcs $@ $^

$(BUILD)/isa-manual: $(BUILD)/host/machine/isa/manual.o $(BUILD)/host/machine/isa/isa.o
	$(CC) $(CFLAGS) $^ -o $@

# Written anew only when it says something else, so that a checkout stays as it is.
docs/isa.md: $(BUILD)/isa-manual
	$(BUILD)/isa-manual >$(BUILD)/isa.md
	cmp -s $(BUILD)/isa.md $@ || cp $(BUILD)/isa.md $@

all: $(LIBDROSTE) docs/isa.md

.PHONY: check-isa-manual
check-isa-manual: $(BUILD)/isa-manual
	$(BUILD)/isa-manual | diff -u docs/isa.md -
