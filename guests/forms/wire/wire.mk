# Programs that talk to each other through coupled console lines.

WIRE_GUESTS := $(addprefix $(BUILD)/guests/forms/wire/, ping.elf pong.elf send.elf receive.elf noise.elf rules.elf gone.elf)

all: $(WIRE_GUESTS)

$(BUILD)/guests/forms/wire/%.o: guests/forms/wire/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) -c $< -o $@

$(WIRE_GUESTS): %.elf: %.o $(BUILD)/guests/forms/wire/wire.o $(GUEST_SUPPORT)
	$(GUEST_CC) -nostdlib $(GUEST_LIB)/start.o $< $(BUILD)/guests/forms/wire/wire.o -ldroste-guest -lgcc -o $@
