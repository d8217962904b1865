# Mutants: monitors with one fault each, made from the reference monitor by the
# patches here, in rare/ of kinds that take a rare order of events, in assisted/ from the monitor
# for SIE, and in correct/ some that are unusual but right.  `make mutants` builds and judges
# them all and prints who caught whom; see matrix.sh.

MUTANTS       := $(patsubst tests/mutants/%.patch,%,$(wildcard tests/mutants/*.patch tests/mutants/rare/*.patch))
ASSISTED      := $(patsubst tests/mutants/%.patch,%,$(wildcard tests/mutants/assisted/*.patch))
UNUSUAL       := $(patsubst tests/mutants/%.patch,%,$(wildcard tests/mutants/correct/*.patch))
MUTANT_FILES  := $(wildcard monitor/*.c monitor/*.h monitor/*.S monitor/*.ld)

# A patch that no longer applies is an error that says where.  The copy is compiled
# as the monitor is, but without warnings: a fault may well leave something unused.
PATCH_COPY = patch --silent --batch --no-backup-if-mismatch --reject-file=- --directory=$(basename $@) --strip=1 <$< || \
        { echo '$<: does not apply any more: make the fault again' >&2; false; }
LINK_COPY  = $(CROSS)gcc $(filter-out -W%,$(MONITOR_CFLAGS)) -I$(basename $@) -I. -nostdlib -static \
        -Wl,--no-warn-rwx-segments,--gc-sections$(WRAP)

$(BUILD)/mutants/%.elf: tests/mutants/%.patch $(MUTANT_FILES) $(wildcard machine/isa/*) tests/mutants/mutants.mk
	@rm -rf $(basename $@)
	@mkdir -p $(basename $@)
	@cp -r monitor $(basename $@)/
	@$(PATCH_COPY)
	@$(LINK_COPY) -T $(basename $@)/monitor/monitor.ld $(basename $@)/monitor/*.[cS] -o $@

$(BUILD)/mutants/assisted/%.elf: tests/mutants/assisted/%.patch $(MUTANT_FILES) $(ASSISTED_SOURCES) $(wildcard machine/isa/*) tests/mutants/mutants.mk
	@rm -rf $(basename $@)
	@mkdir -p $(basename $@)/monitors
	@cp -r monitor $(basename $@)/
	@cp monitors/assisted.* $(basename $@)/monitors/
	@$(PATCH_COPY)
	@$(LINK_COPY) -T $(basename $@)/monitor/monitor.ld $(ASSISTED_SOURCES:%=$(basename $@)/%) -o $@
$(BUILD)/mutants/assisted/%.elf: WRAP := ,--wrap=dispatcher,--wrap=vm_reflect_interrupts,--wrap=schedule,--wrap=boot

MUTANT_RANDOMS ?= 60

$(BUILD)/tests/judge: $(BUILD)/host/tests/mutants/judge.o $(BUILD)/host/properties/profile.o $(BUILD)/host/tests/tally.o $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) -o $@

# judge with the reference for a profile, and what a patch says of its fault
JUDGE = timeout 600 $(BUILD)/tests/judge $< $(1) $$(sed -n 's/^breaks: //p; s/^class: correct/all/p' \
        $(patsubst $(BUILD)/%.elf,tests/%.patch,$<)) $(MUTANT_RANDOMS) $(BUILD)/guests $(2) >$@
SAY_VERDICT = awk -F '\t' '$$2 == "FAILS" { by = by " " $$1 } END { printf "%-28s %s\n", "$(basename $(notdir $@))", by ? "caught by" by : "nothing found" }' $@

$(BUILD)/mutants/%.verdict: $(BUILD)/mutants/%.elf $(BUILD)/tests/judge $(BUILD)/monitor.elf
	@$(call JUDGE,$(BUILD)/monitor.elf,strict)
	@$(SAY_VERDICT)

$(BUILD)/mutants/assisted/%.verdict: $(BUILD)/mutants/assisted/%.elf $(BUILD)/tests/judge $(BUILD)/monitors/assisted.elf
	@$(call JUDGE,$(BUILD)/monitors/assisted.elf,sie)
	@$(SAY_VERDICT)

.PHONY: mutants mutant-verdicts
.SECONDARY: $(patsubst %,$(BUILD)/mutants/%.elf,$(MUTANTS) $(ASSISTED) $(UNUSUAL))
mutant-verdicts: $(patsubst %,$(BUILD)/mutants/%.verdict,$(MUTANTS) $(ASSISTED) $(UNUSUAL))

mutants: all
	@$(MAKE) --no-print-directory -j$(shell nproc) mutant-verdicts
	@tests/mutants/matrix.sh $(BUILD)/mutants >$(BUILD)/mutants/kill-matrix.md; status=$$?; \
	        cat $(BUILD)/mutants/kill-matrix.md; cmp -s $(BUILD)/mutants/kill-matrix.md docs/kill-matrix.md || \
	        cp $(BUILD)/mutants/kill-matrix.md docs/kill-matrix.md; exit $$status
