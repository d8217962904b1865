# The exhibits that are guests by themselves.

FORM_GUESTS := $(addprefix $(BUILD)/guests/forms/, baby.elf)

all: $(FORM_GUESTS)

$(BUILD)/guests/forms/%.elf: guests/forms/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) $< -o $@

include guests/forms/pascal/pascal.mk guests/forms/jvm/jvm.mk guests/forms/wire/wire.mk guests/forms/workloads/workloads.mk
