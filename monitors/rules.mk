# Monitors beside the reference monitor, from its parts and the machine's (monitors.h).

OTHER_MONITORS := interpreting hybrid stepping patching

# The machine's plain executor, and what of the reference monitor stays as it is.
PROCESSOR_SOURCES := machine/execute.c machine/trap.c machine/sie.c machine/storage.c machine/isa/isa.c
SHARED_SOURCES    := monitor/allocator.c monitor/boot.c monitor/scheduler.c monitor/entry.S \
                     monitors/dispatcher.c monitors/processor.c monitors/probe.c monitors/probe.S $(PROCESSOR_SOURCES)
SHARED_OBJECTS    := $(SHARED_SOURCES:%=$(BUILD)/pg32/%.o)

$(BUILD)/pg32/monitors/%.c.o: monitors/%.c monitors/rules.mk
	@mkdir -p $(@D)
	$(CROSS)gcc $(MONITOR_CFLAGS) -I. -MMD -MP -c $< -o $@

$(BUILD)/pg32/machine/%.c.o: machine/%.c monitors/rules.mk
	@mkdir -p $(@D)
	$(CROSS)gcc $(MONITOR_CFLAGS) -I. -MMD -MP -c $< -o $@

$(BUILD)/pg32/monitors/%.S.o: monitors/%.S monitors/rules.mk
	@mkdir -p $(@D)
	$(CROSS)gcc -g -march=rv32im -mabi=ilp32 -I. -MMD -MP -c $< -o $@

# Whoever calls boot or schedule comes through probe.c or dispatcher.c; and what is loaded,
# through patching.c.
$(BUILD)/monitors/patching.elf: WRAP := ,--wrap=vm_ipl,--wrap=vm_sio

LINK_PLAIN   = $(CROSS)gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wl,--no-warn-rwx-segments$(WRAP) \
               -T monitor/monitor.ld -Wl,--gc-sections
LINK_MONITOR = $(LINK_PLAIN) -Wl,--wrap=schedule,--wrap=boot

$(BUILD)/monitors/%.elf: $(BUILD)/pg32/monitors/%.c.o $(SHARED_OBJECTS) monitor/monitor.ld
	@mkdir -p $(@D)
	$(LINK_MONITOR) $< $(SHARED_OBJECTS) -lgcc -o $@

# The coupling monitor is the reference monitor, whole, with a file more.
COUPLING_OBJECTS := $(MONITOR_OBJECTS) $(BUILD)/pg32/monitors/coupling.c.o

$(BUILD)/monitors/coupling.elf: WRAP := ,--wrap=boot,--wrap=vm_sio,--wrap=vm_may_wake,--wrap=vm_wait,--wrap=vm_end
$(BUILD)/monitors/coupling.elf: $(COUPLING_OBJECTS) monitor/monitor.ld
	@mkdir -p $(@D)
	$(LINK_PLAIN) $(COUPLING_OBJECTS) -o $@

# The reference monitor's without the interpreter routines: of its dispatcher, vm_reflect is
# left.
ASSISTED_SOURCES := monitors/assisted.c monitors/assisted.S monitor/allocator.c monitor/boot.c monitor/scheduler.c \
                    monitor/dispatcher.c monitor/entry.S
ASSISTED_OBJECTS := $(ASSISTED_SOURCES:%=$(BUILD)/pg32/%.o)
$(BUILD)/monitors/assisted.elf: WRAP := ,--wrap=dispatcher,--wrap=vm_reflect_interrupts
$(BUILD)/monitors/assisted.elf: $(ASSISTED_OBJECTS) monitor/monitor.ld
	@mkdir -p $(@D)
	$(LINK_MONITOR) $(ASSISTED_OBJECTS) -o $@

# One that shares nothing: it is assembled as a student's would be.
$(BUILD)/monitors/assembly.elf: monitors/assembly.S machine/isa/asm.h machine/isa/isa.def
	@mkdir -p $(@D)
	$(CROSS)gcc -g -march=rv32im -mabi=ilp32 -Imachine -nostdlib -static -Wl,-Ttext=0,-eboot,--no-warn-rwx-segments $< -o $@

.SECONDARY: $(OTHER_MONITORS:%=$(BUILD)/pg32/monitors/%.c.o) $(SHARED_OBJECTS) $(ASSISTED_OBJECTS)
.PHONY: monitors
all: monitors
monitors: $(OTHER_MONITORS:%=$(BUILD)/monitors/%.elf) $(addprefix $(BUILD)/monitors/, coupling.elf assisted.elf assembly.elf)

# Which of them is equivalent and efficient on which profile.  Not part of `all`: it takes some
# minutes.
.PHONY: docs-monitors
docs-monitors: all
	{ printf '%s\n\n' '# Verdicts on monitors' \
	  'Printed by `make docs-monitors`; do not edit. `holds`, or the guest that shows the contrary: nine of the standard set and twenty random ones were run. See [monitors.md](monitors.md).'; \
	  monitors/verdicts.sh $(BUILD); } >docs/monitors-verdicts.md

# What SIE saves, by depth.
.PHONY: docs-sie
docs-sie: all
	{ printf '%s\n\n' '# What SIE saves' \
	  'Printed by `make docs-sie`; do not edit. What the columns say: [sie.md](sie.md).'; \
	  monitors/sie.sh $(BUILD); } >docs/sie-cost.md
