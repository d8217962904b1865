# Mutants: monitors with one fault each, made from the reference monitor by the
# patches here, and in correct/ some that are unusual but right.  `make mutants` builds
# and judges them all and prints who caught whom; see matrix.sh.

MUTANTS       := $(patsubst tests/mutants/%.patch,%,$(wildcard tests/mutants/*.patch))
UNUSUAL       := $(patsubst tests/mutants/%.patch,%,$(wildcard tests/mutants/correct/*.patch))
MUTANT_FILES  := $(wildcard monitor/*.c monitor/*.h monitor/*.S monitor/*.ld)

# A patch that no longer applies is an error that says where.  The copy is compiled
# as the monitor is, but without warnings: a fault may well leave something unused.
$(BUILD)/mutants/%.elf: tests/mutants/%.patch $(MUTANT_FILES) $(wildcard machine/isa/*) tests/mutants/mutants.mk
	@rm -rf $(BUILD)/mutants/$*
	@mkdir -p $(BUILD)/mutants/$*
	@cp -r monitor $(BUILD)/mutants/$*/
	@patch --silent --batch --no-backup-if-mismatch --reject-file=- --directory=$(BUILD)/mutants/$* --strip=1 <$< || \
	        { echo '$<: does not apply to monitor/ any more: make the fault again' >&2; false; }
	@$(CROSS)gcc $(filter-out -W%,$(MONITOR_CFLAGS)) -I. -nostdlib -static -Wl,--no-warn-rwx-segments,--gc-sections \
	        -T $(BUILD)/mutants/$*/monitor/monitor.ld $(BUILD)/mutants/$*/monitor/*.[cS] -o $@

# Beside the standard guests, those that only mutants needed.
MUTANT_GUESTS  := $(patsubst tests/mutants/guests/%.c,$(BUILD)/mutants/guests/%.elf,$(wildcard tests/mutants/guests/*.c))
MUTANT_RANDOMS ?= 100

$(BUILD)/mutants/guests/%.elf: tests/mutants/guests/%.c $(GUEST_SUPPORT)
	@mkdir -p $(@D)
	$(GUEST_CC) $(GUEST_FLAGS) $(GUEST_DEPENDS) -nostdlib $(GUEST_LIB)/start.o $< -ldroste-guest -lgcc -o $@

$(BUILD)/mutants/guests/%.expect: tests/mutants/guests/%.c
	@mkdir -p $(@D)
	$(EXPECTATIONS)

$(BUILD)/tests/judge: $(BUILD)/host/tests/mutants/judge.o $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) -o $@

$(BUILD)/mutants/%.verdict: $(BUILD)/mutants/%.elf $(BUILD)/tests/judge $(BUILD)/monitor.elf $(MUTANT_GUESTS) $(MUTANT_GUESTS:.elf=.expect)
	@timeout 600 $(BUILD)/tests/judge $< $(BUILD)/monitor.elf $$(sed -n 's/^breaks: //p; s/^class: correct/all/p' tests/mutants/$*.patch) $(MUTANT_RANDOMS) $(BUILD)/guests $(BUILD)/mutants/guests >$@
	@awk -F '\t' '$$2 == "FAILS" { by = by " " $$1 } END { printf "%-28s %s\n", "$*", by ? "caught by" by : "nothing found" }' $@

.PHONY: mutants mutant-verdicts
.SECONDARY: $(patsubst %,$(BUILD)/mutants/%.elf,$(MUTANTS) $(UNUSUAL)) $(MUTANT_GUESTS) $(MUTANT_GUESTS:.elf=.expect)
mutant-verdicts: $(patsubst %,$(BUILD)/mutants/%.verdict,$(MUTANTS) $(UNUSUAL))

mutants: all
	@$(MAKE) --no-print-directory -j$(shell nproc) mutant-verdicts
	@tests/mutants/matrix.sh $(BUILD)/mutants >$(BUILD)/mutants/kill-matrix.md; status=$$?; \
	        cat $(BUILD)/mutants/kill-matrix.md; cmp -s $(BUILD)/mutants/kill-matrix.md docs/kill-matrix.md || \
	        cp $(BUILD)/mutants/kill-matrix.md docs/kill-matrix.md; exit $$status
