# The outside witness of the User ISA: one object, two programs.

WITNESS    := $(BUILD)/witness
WITNESS_CC := $(CROSS)gcc -march=rv32im -mabi=ilp32 -std=c11 $(WARNINGS) -O1 -ffreestanding

$(WITNESS)/user_isa.o: tests/witness/user_isa.c $(wildcard machine/isa/*.def)
	@mkdir -p $(@D)
	$(WITNESS_CC) -Imachine -c $< -o $@

$(WITNESS)/user_isa.elf: $(WITNESS)/user_isa.o tests/witness/pg32.c $(GUEST_SUPPORT)
	$(GUEST_CC) $(GUEST_FLAGS) -nostdlib $(GUEST_LIB)/start.o $< tests/witness/pg32.c -ldroste-guest -lgcc -o $@

$(WITNESS)/user_isa.linux: $(WITNESS)/user_isa.o tests/witness/linux.c
	$(WITNESS_CC) -nostdlib -static -Wl,-Ttext=0x10000,--no-relax $^ -o $@

.PHONY: test-witness
test-witness: all $(WITNESS)/user_isa.elf $(WITNESS)/user_isa.linux
	tests/witness/witness.sh $(BUILD)
