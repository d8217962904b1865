# The reference monitor: C for PG-32 with one assembly file.

MONITOR_SOURCES := $(wildcard monitor/*.c) monitor/entry.S
MONITOR_OBJECTS := $(patsubst %,$(BUILD)/pg32/%.o,$(MONITOR_SOURCES))
MONITOR_CFLAGS  := -std=c11 $(WARNINGS) -O2 -g -march=rv32im -mabi=ilp32 -ffreestanding \
                   -fno-delete-null-pointer-checks -fno-tree-loop-distribute-patterns -ffunction-sections

$(BUILD)/pg32/monitor/%.c.o: monitor/%.c monitor/rules.mk
	@mkdir -p $(@D)
	$(CROSS)gcc $(MONITOR_CFLAGS) -I. -MMD -MP -c $< -o $@

$(BUILD)/pg32/monitor/%.S.o: monitor/%.S monitor/rules.mk
	@mkdir -p $(@D)
	$(CROSS)gcc -g -march=rv32im -mabi=ilp32 -I. -MMD -MP -c $< -o $@

$(BUILD)/monitor.elf: $(MONITOR_OBJECTS) monitor/monitor.ld
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,--no-warn-rwx-segments -T monitor/monitor.ld -Wl,--gc-sections $(MONITOR_OBJECTS) -o $@

all: $(BUILD)/monitor.elf
