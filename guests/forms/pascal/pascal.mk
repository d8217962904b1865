# The Pascal compiler and P-machine, a guest by itself.

PASCAL := $(patsubst %.c,$(BUILD)/%.o,$(wildcard guests/forms/pascal/*.c))

all: $(BUILD)/guests/forms/pascal.elf

$(BUILD)/guests/forms/pascal/%.o: guests/forms/pascal/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) -c $< -o $@

$(BUILD)/guests/forms/pascal.elf: $(PASCAL) $(GUEST_SUPPORT)
	$(GUEST_CC) $(PASCAL) -o $@
