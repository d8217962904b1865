# Speed.  Each kernel is compiled once and linked twice: as a PG-32 guest, and as a
# Linux program for qemu-riscv32.  `make bench` runs them in pairs and prints a table;
# RUNS says how many pairs, BENCH_FLAGS=--json asks for a document instead.

BENCH         := $(BUILD)/bench
BENCH_KERNELS := coremark dhrystone crc matrix aes
BENCH_GUESTS  := $(BENCH_KERNELS:%=$(BENCH)/%.elf) $(BENCH)/trap.elf
BENCH_CC      := $(CROSS)gcc -march=rv32im -mabi=ilp32 -ffreestanding
BENCH_LINK    := $(BENCH_CC) -nostdlib -static -Wl,-Ttext=0x10000,--no-warn-rwx-segments

$(BENCH)/%.o: bench/kernels/%.c bench/kernels/kernel.h
	@mkdir -p $(@D)
	$(BENCH_CC) -std=c11 $(WARNINGS) -O2 -c $< -o $@

$(BENCH)/%.o: bench/kernels/%.S
	@mkdir -p $(@D)
	$(BENCH_CC) -c $< -o $@

$(BENCH_KERNELS:%=$(BENCH)/%.elf): $(BENCH)/%.elf: $(BENCH)/pg32.o $(BENCH)/%.o $(BENCH)/support.o
	$(BENCH_LINK) $^ -lgcc -o $@

$(BENCH_KERNELS:%=$(BENCH)/%.linux): $(BENCH)/%.linux: $(BENCH)/linux.o $(BENCH)/%.o $(BENCH)/support.o
	$(BENCH_LINK) $^ -lgcc -o $@

$(BENCH)/trap.elf: $(BENCH)/trap.o
	$(BENCH_LINK) $^ -o $@

$(BENCH)/bench: $(BUILD)/host/bench/bench.o $(BUILD)/libdroste.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lelf -o $@

.PHONY: bench
bench: $(BENCH)/bench $(BENCH_GUESTS) $(BENCH_KERNELS:%=$(BENCH)/%.linux)
	$(BENCH)/bench $(BENCH_FLAGS) $(BENCH)
