# The inspector: nested machines found and shown.

INSPECTOR_SOURCES := $(wildcard inspector/*.c)
INSPECTOR_OBJECTS := $(INSPECTOR_SOURCES:%.c=$(BUILD)/host/%.o)
