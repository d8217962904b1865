# The properties: instructions classified, profiles read.

CLASSIFY_SOURCES := $(wildcard properties/classify*.c properties/profile*.c)
CLASSIFY_OBJECTS := $(CLASSIFY_SOURCES:%.c=$(BUILD)/host/%.o)
