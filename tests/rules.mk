# Tests.  `make check` builds and runs whatever is quick, in tests/check.sh; each
# part can be made alone.  Folders with sanitizers, with clang, for fuzzing and for coverage are
# whole builds of their own below $(BUILD); PG-32 programs are taken from $(PG32).

PG32 ?= $(BUILD)

TEST_LIBS      := -lelf -pthread
UNIT_SOURCES   := tests/isa.c tests/rig.c tests/pack.c tests/levels.c tests/symbols.c tests/gdb_packets.c tests/vt.c $(wildcard tests/machine_*.c) \
                  inspector/levels.c inspector/plain.c inspector/symbols.c inspector/gdb_packets.c inspector/tui_vt.c
DRIVERS        := differential guests monitor_random
GUEST_SOURCES   = $(sort $(wildcard guests/*.c guests/*.S guests/programs/*.c))
TEST_PROGRAMS  := $(addprefix $(BUILD)/tests/, units session classify $(DRIVERS) json_get)

$(BUILD)/host/tests/%.o: CPPFLAGS += -DCROSS='"$(CROSS)"'

$(BUILD)/tests/units: $(UNIT_SOURCES:%.c=$(BUILD)/host/%.o) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lcriterion -ldw $(TEST_LIBS) -o $@

$(BUILD)/tests/session: $(BUILD)/host/tests/session.o $(SESSION_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lcriterion -lxxhash $(TEST_LIBS) -o $@

# What going back in time costs.
$(BUILD)/tests/back: $(BUILD)/host/tests/back.o $(SESSION_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lxxhash $(TEST_LIBS) -o $@

.PHONY: bench-back
bench-back: $(BUILD)/tests/back $(PG32)/monitor.elf
	$< $(PG32)/monitor.elf

$(BUILD)/tests/classify: $(BUILD)/host/tests/classify.o $(CLASSIFY_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lcriterion $(TEST_LIBS) -o $@

$(BUILD)/tests/differential: $(addprefix $(BUILD)/host/tests/, differential.o twins.o) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(TEST_LIBS) -o $@

$(BUILD)/tests/guests: $(BUILD)/host/tests/guests.o $(BUILD)/host/inspector/levels.o $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(TEST_LIBS) -o $@

$(BUILD)/tests/monitor_random: $(BUILD)/host/tests/monitor_random.o $(BUILD)/host/tests/sie_host.o $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) $(TEST_LIBS) -o $@

$(BUILD)/tests/json_get: $(BUILD)/host/tests/json_get.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -ljansson -o $@

.PHONY: test-programs test-units test-guests test-differential differential-long check
test-programs: $(TEST_PROGRAMS)

# With the engine, then with the plain executor.
test-units: $(BUILD)/tests/units
	timeout 300 $<
	PLAIN=1 timeout 300 $<

test-guests: $(BUILD)/tests/guests $(PG32)/monitor.elf guests
	timeout 600 $< $(PG32)/monitor.elf $(PG32)/guests $(GUEST_SOURCES)

test-differential: $(BUILD)/tests/differential
	timeout 600 $<

# From a seed of its own each time; a failure prints it.
LONG_SECONDS ?= 600
differential-long: $(BUILD)/tests/differential
	SEED=$$(date +%s)000000 SECONDS=$(LONG_SECONDS) $<

# The whole builds of their own use all processors, however make was called.
JOBS := -j$(shell nproc)

# ---- sanitizers and clang -----------------------------------------------------

SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.PHONY: build-sanitize build-clang test-sanitize test-clang
build-sanitize:
	$(MAKE) $(JOBS) --no-print-directory BUILD=$(BUILD)/sanitize PG32=$(PG32) CFLAGS='$(SANITIZE)' test-programs $(BUILD)/sanitize/droste

build-clang:
	$(MAKE) $(JOBS) --no-print-directory BUILD=$(BUILD)/clang PG32=$(PG32) CC=clang test-programs $(BUILD)/clang/droste

test-sanitize: all build-sanitize
	tests/check.sh $(BUILD) sanitize

test-clang: all build-clang
	tests/check.sh $(BUILD) clang

# ---- fuzzing ------------------------------------------------------------------

FUZZERS      := elf disk disas levels machine profile gdb jvm
FUZZ_SECONDS ?= 600
FUZZ_CFLAGS  := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

$(BUILD)/tests/fuzz-%: $(BUILD)/host/tests/fuzz/%.o $(BUILD)/host/tests/twins.o $(INSPECTOR_OBJECTS) $(BUILD)/host/properties/profile.o $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $^ $(CLI_LIBS) $(TEST_LIBS) -o $@

# The Java virtual machine of guests/forms, on the host.
JVM_HOST := $(patsubst %.c,$(BUILD)/host/%.o,$(filter-out %/main.c,$(wildcard guests/forms/jvm/*.c)))
$(JVM_HOST): override CFLAGS += -fwrapv

$(BUILD)/tests/fuzz-jvm: $(BUILD)/host/tests/fuzz/jvm.o $(JVM_HOST)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $^ -o $@

.PHONY: fuzzers build-fuzz fuzz
fuzzers: $(FUZZERS:%=$(BUILD)/tests/fuzz-%)

build-fuzz:
	$(MAKE) $(JOBS) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang CFLAGS='$(FUZZ_CFLAGS)' fuzzers

# What is found stays in build/fuzz/found, to start from the next time.
fuzz: build-fuzz $(FUZZERS:%=fuzz-%) differential-long

$(FUZZERS:%=fuzz-%): fuzz-%: build-fuzz
	tests/fuzz/run.sh $(BUILD)/fuzz $* $(FUZZ_SECONDS)

# ---- lint and coverage --------------------------------------------------------

LINT_SOURCES = $(wildcard machine/*.c machine/isa/*.c machine/engine/*.c inspector/*.c cli/*.c properties/*.c \
                          tests/*.c tests/fuzz/*.c)

.PHONY: lint coverage
lint:
	tests/lint.sh $(LINT_SOURCES)

# Not optimized: counters after calls would keep the engine's jumps from being jumps.  gcov
# gives a few branches counts below 0, which gcovr is not to stop at.
coverage: all
	$(MAKE) $(JOBS) --no-print-directory BUILD=$(BUILD)/coverage PG32=$(PG32) CFLAGS='-O0 -g --coverage' \
	        LDFLAGS=--coverage test-programs $(BUILD)/coverage/droste
	tests/check.sh $(BUILD) coverage
	gcovr --root . --object-directory $(BUILD)/coverage --exclude tests/ --exclude bench/ --print-summary --sort-percentage --gcov-ignore-parse-errors

# ---- judging monitors -----------------------------------------------------------

include $(wildcard tests/mutants/mutants.mk)

BAD_MONITORS   := $(patsubst tests/monitors/%.S,$(BUILD)/tests/monitors/%.elf,$(wildcard tests/monitors/*.S))
JUDGED_MUTANTS := $(patsubst %,$(BUILD)/mutants/%.elf,drift lra-whole-word single-steps bound-not-clamped dma-end-unchecked x31-lost \
                                                      privileged-in-trip exits-miscounted misaligned-tval-pc rare/end-disarms-next)

$(BUILD)/tests/monitors/%.elf: tests/monitors/%.S tests/monitors/monitor.h
	@mkdir -p $(@D)
	$(CROSS)gcc -march=rv32im -mabi=ilp32 -Imachine -Itests/monitors -nostdlib -static -Wl,-Ttext=0 \
	        -Wl,--no-warn-rwx-segments -Wl,-estart $< -o $@

$(BUILD)/tests/check: $(BUILD)/host/tests/check.o $(BUILD)/host/tests/tally.o $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) $(TEST_LIBS) -o $@

.PHONY: test-check
test-check: $(BUILD)/tests/check $(BUILD)/tests/exhaustive $(BAD_MONITORS) $(JUDGED_MUTANTS) all
	timeout 600 $< $(BUILD)/monitor.elf $(BUILD)/guests $(BUILD)/tests/monitors $(BUILD)/mutants $(BUILD)/monitors
	timeout 600 $(BUILD)/tests/exhaustive $(BUILD)/monitor.elf 0 307

# Every short program from every boundary state: in make check one in many, here all.
$(BUILD)/tests/exhaustive: $(BUILD)/host/tests/exhaustive.o $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) $(TEST_LIBS) -o $@

# It takes some 15 minutes of one processor, in parts: what has been done is not done
# again when it is interrupted, unless the monitor or the judges have changed.
EXHAUSTIVE_PARTS := 200
EXHAUSTED        := $(patsubst %,$(BUILD)/exhaustive/%.done,$(shell seq 0 $$(($(EXHAUSTIVE_PARTS) - 1))))

$(BUILD)/exhaustive/%.done: $(BUILD)/tests/exhaustive $(BUILD)/monitor.elf
	@mkdir -p $(@D)
	@$< $(BUILD)/monitor.elf $* $(EXHAUSTIVE_PARTS) >$(@D)/$*.log || { cat $(@D)/$*.log; exit 1; }
	@mv $(@D)/$*.log $@
	@echo "exhaustive: $$(ls $(@D)/*.done | wc -l) of $(EXHAUSTIVE_PARTS) parts"

.PHONY: exhaustive exhaustive-parts
exhaustive-parts: $(EXHAUSTED)
exhaustive:
	@$(MAKE) --no-print-directory -j$(shell nproc) exhaustive-parts
	@cat $(EXHAUSTED) | awk '/passed/ { p += $$1; f += $$3 } END { print p " passed, " f + 0 " failed" }'

# ---- folders of their own --------------------------------------------------------

include tests/witness/witness.mk
include tests/os/os.mk
include tests/forms/forms.mk
include tests/grade.mk
include tests/labs/labs.mk

# ---- all of it ----------------------------------------------------------------

check: all
	$(MAKE) $(JOBS) --no-print-directory test-programs $(JUDGED_MUTANTS)
	$(MAKE) --no-print-directory build-sanitize
	$(MAKE) --no-print-directory build-clang
	$(MAKE) --no-print-directory build-fuzz
	tests/check.sh $(BUILD) all
