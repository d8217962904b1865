# The program droste: its commands over the library.

CLI_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,$(wildcard cli/*.c) inspector/levels.c)
CLI_LIBS    := -lelf -ljansson -lxxhash

$(BUILD)/droste: $(CLI_OBJECTS) $(BUILD)/libdroste.a
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(CLI_LIBS) -o $@

all: $(BUILD)/droste
