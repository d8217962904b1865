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

MUTANT_RANDOMS ?= 60

$(BUILD)/tests/judge: $(BUILD)/host/tests/mutants/judge.o $(BUILD)/host/tests/tally.o $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) -o $@

$(BUILD)/mutants/%.verdict: $(BUILD)/mutants/%.elf $(BUILD)/tests/judge $(BUILD)/monitor.elf
	@timeout 600 $(BUILD)/tests/judge $< $(BUILD)/monitor.elf $$(sed -n 's/^breaks: //p; s/^class: correct/all/p' tests/mutants/$*.patch) $(MUTANT_RANDOMS) $(BUILD)/guests >$@
	@awk -F '\t' '$$2 == "FAILS" { by = by " " $$1 } END { printf "%-28s %s\n", "$*", by ? "caught by" by : "nothing found" }' $@

.PHONY: mutants mutant-verdicts
.SECONDARY: $(patsubst %,$(BUILD)/mutants/%.elf,$(MUTANTS) $(UNUSUAL))
mutant-verdicts: $(patsubst %,$(BUILD)/mutants/%.verdict,$(MUTANTS) $(UNUSUAL))

mutants: all
	@$(MAKE) --no-print-directory -j$(shell nproc) mutant-verdicts
	@tests/mutants/matrix.sh $(BUILD)/mutants >$(BUILD)/mutants/kill-matrix.md; status=$$?; \
	        cat $(BUILD)/mutants/kill-matrix.md; cmp -s $(BUILD)/mutants/kill-matrix.md docs/kill-matrix.md || \
	        cp $(BUILD)/mutants/kill-matrix.md docs/kill-matrix.md; exit $$status
