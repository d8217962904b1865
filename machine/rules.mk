# The machine: a library, with the tables that PG-32 code shares.

MACHINE_SOURCES := $(wildcard machine/*.c machine/isa/*.c machine/engine/*.c)
MACHINE_OBJECTS := $(MACHINE_SOURCES:%.c=$(BUILD)/host/%.o)
LIBDROSTE       := $(BUILD)/libdroste.a

$(LIBDROSTE): $(MACHINE_OBJECTS)
	$(AR) rcs $@ $^

all: $(LIBDROSTE)
