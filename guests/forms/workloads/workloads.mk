# What droste forms measures by: the same work for each form.  An operating system that carries
# what its forms need, too.

WORKLOADS       := $(BUILD)/guests/forms/workloads
WORKLOAD_GUESTS := $(addprefix $(WORKLOADS)/, primes.elf kernel.elf factor.elf)
WORKLOAD_TEXTS  := $(addprefix $(WORKLOADS)/, primes.pas hostile.pas hostile.asc CountPrimes.jar OutOfBounds.jar)
WORKLOAD_LINUX  := $(addprefix $(WORKLOADS)/usr/, linux-primes linux-hostile)
WORKLOAD_SHIM   := $(WORKLOADS)/usr/hostile.prg
WORKLOAD_VMS    := $(addprefix $(WORKLOADS)/vm/, kernel primes hostile-bound hostile-psw-junk)

all: $(WORKLOAD_GUESTS) $(WORKLOAD_TEXTS) $(WORKLOADS)/os.elf

$(WORKLOADS)/%.elf: guests/forms/workloads/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) -nostdlib $(GUEST_LIB)/start.o $< -ldroste-guest -lgcc -o $@

$(WORKLOADS)/%.pas: guests/forms/workloads/%.pas
	@mkdir -p $(@D)
	cp $< $@

$(WORKLOADS)/%.asc: guests/forms/workloads/%.asc
	@mkdir -p $(@D)
	cp $< $@

# Made by javac --release 8 from the source beside it, and kept, as the classes of the tests are.
$(WORKLOADS)/%.jar: guests/forms/workloads/%.jar
	@mkdir -p $(@D)
	cp $< $@

$(WORKLOADS)/usr/%: guests/forms/workloads/%.c guests/forms/workloads/linux-start.h
	@mkdir -p $(@D)
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -std=c11 $(WARNINGS) -O2 -ffreestanding -nostdlib -static \
	        -Wl,--no-relax,-Ttext=0x10000,-s $< -o $@

$(WORKLOADS)/usr/%.prg: guests/forms/workloads/shim-%.c $(SHIM_PARTS)
	$(SHIM_PROGRAM)

$(WORKLOADS)/vm/%: $(WORKLOADS)/%.elf $(BUILD)/droste
	@mkdir -p $(@D)
	$(BUILD)/droste pack --spare 0 -o $@ $<

$(WORKLOADS)/vm/%: $(BUILD)/guests/%.elf $(BUILD)/droste
	@mkdir -p $(@D)
	$(BUILD)/droste pack --spare 0 -o $@ $<

$(WORKLOADS)/packed.S: $(OS_PACKED) $(WORKLOAD_LINUX) $(WORKLOAD_SHIM) $(WORKLOAD_VMS) guests/os/packed.sh
	guests/os/packed.sh $(OS) $(OS_PACKED) $(WORKLOAD_LINUX) $(WORKLOAD_SHIM) $(WORKLOAD_VMS) >$@

$(WORKLOADS)/os.elf: $(OS_KERNEL) $(WORKLOADS)/packed.S $(GUEST_SUPPORT)
	$(OS_LINK)
