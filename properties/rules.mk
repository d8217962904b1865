# The properties: instructions classified, profiles read.

CLASSIFY_SOURCES := $(wildcard properties/classify*.c properties/profile*.c)
CLASSIFY_OBJECTS := $(CLASSIFY_SOURCES:%.c=$(BUILD)/host/%.o)

# Monitors judged: everything that is not about instruction sets, and what it links.
CHECK_SOURCES := $(filter-out $(CLASSIFY_SOURCES),$(wildcard properties/*.c)) inspector/levels.c
CHECK_OBJECTS := $(CHECK_SOURCES:%.c=$(BUILD)/host/%.o)
CHECK_LIBS    := -ldw -lelf
