# The Java virtual machine, a guest by itself.  Its ints wrap, as Java's do.

JVM := $(patsubst %.c,$(BUILD)/%.o,$(wildcard guests/forms/jvm/*.c))

all: $(BUILD)/guests/forms/jvm.elf

$(BUILD)/guests/forms/jvm/%.o: guests/forms/jvm/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_FLAGS) -fwrapv $(GUEST_DEPENDS) -c $< -o $@

$(BUILD)/guests/forms/jvm.elf: $(JVM) $(GUEST_SUPPORT)
	$(GUEST_CC) $(JVM) -o $@
