# Grading graded: tests/grade.c on the library, tests/grade.sh as a lecturer and a batch
# engine see it.  The mutants that grade.c has a lesson for are read from its table.

GRADED_MUTANTS := $(shell sed -n 's/^\t{ "\([a-z0-9-]*\)", "[a-z]*", "[a-z-]*", .*/\1/p' tests/grade.c)

$(BUILD)/tests/grade: $(BUILD)/host/tests/grade.o $(BUILD)/host/tests/tally.o $(GRADE_OBJECTS) $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) $(GRADE_LIBS) $(TEST_LIBS) -o $@

# For every mutant, the part of the monitor that the message names is the one that its patch changes:
# five of them with the tests, all of them alone, since that takes minutes.  And none has full marks by the rubric
# that comes with droste but one: the neighbour that shows it would have to end in its second quantum.
LESSONS        := $(shell grep -L '^breaks: nothing' tests/mutants/*.patch tests/mutants/rare/*.patch | sed 's|tests/mutants/||; s|\.patch||')
LESSONS_SAMPLE := attention-twice retu-odd-pc exits-miscounted operand-beyond-bound x15-lost

# Monitors that do their worst to whoever grades them.
HOSTILE := $(patsubst tests/mutants/%.patch,$(BUILD)/mutants/%.elf,$(wildcard tests/mutants/hostile/*.patch))

.PHONY: test-grade
test-grade: $(BUILD)/tests/grade $(BAD_MONITORS) $(GRADED_MUTANTS:%=$(BUILD)/mutants/%.elf) $(HOSTILE) $(LESSONS_SAMPLE:%=$(BUILD)/mutants/%.elf) $(BUILD)/mutants/armed-by-anyone.elf $(BUILD)/mutants/drift.elf all
	timeout 300 $< $(BUILD)/monitor.elf $(BUILD)/guests $(BUILD)/tests/monitors $(BUILD)/mutants
	timeout 300 tests/grade.sh $(BUILD)/droste $(BUILD)
	timeout 300 tests/lessons.sh $(BUILD) $(LESSONS_SAMPLE)

.PHONY: test-tasks
test-tasks: all
	timeout 300 tests/tasks.sh $(BUILD)/droste $(BUILD)

.PHONY: test-lessons
test-lessons: all $(LESSONS:%=$(BUILD)/mutants/%.elf)
	timeout 3600 tests/lessons.sh $(BUILD) $(LESSONS)
	rm -rf $(BUILD)/tests/class
	mkdir -p $(BUILD)/tests/class/in
	cp $(LESSONS:%=$(BUILD)/mutants/%.elf) $(BUILD)/tests/class/in
	timeout 3600 $(BUILD)/droste grade --class $(BUILD)/tests/class/in --out $(BUILD)/tests/class/out --exit-zero
	jq -e '(.submissions | length == $(words $(LESSONS))) and ([.submissions[] | select(.points >= .of) | .name] == ["end-disarms-next"])' \
	        $(BUILD)/tests/class/out/class.json

# In a real browser, and with a real Slurm and GNU parallel: not part of `make check`, since
# the packages are large.

BROWSER ?= chromium

.PHONY: test-browser test-slurm
test-browser: all $(BUILD)/mutants/bound-not-clamped.elf
	$(call install_missing,chromium python3)
	rm -rf $(BUILD)/tests/pages
	mkdir -p $(BUILD)/tests/pages/class
	cp $(BUILD)/monitor.elf $(BUILD)/mutants/bound-not-clamped.elf $(BUILD)/guests/hello.elf $(BUILD)/tests/pages/class
	$(BUILD)/droste grade --class $(BUILD)/tests/pages/class --out $(BUILD)/tests/pages/out --exit-zero
	timeout 300 python3 tests/browser.py "$$(command -v $(BROWSER))" $(BUILD)/tests/pages/out/*/report.html $(BUILD)/tests/pages/out/class.html

test-slurm: all $(BAD_MONITORS) $(addprefix $(BUILD)/mutants/, x31-lost.elf bound-not-clamped.elf)
	$(call install_missing,munge slurmctld slurmd slurm-client parallel)
	timeout 900 tests/slurm.sh $(BUILD)/droste $(BUILD)

# ---- samples ------------------------------------------------------------------

# Reports of a monitor with one fault, as docs/samples shows them; without what its file says of the folder that it was
# built in, so that they are the same wherever they are made.
.PHONY: docs-samples
docs-samples: all $(BUILD)/mutants/bound-not-clamped.elf
	rm -rf docs/samples
	@mkdir -p $(BUILD)/samples
	$(CROSS)strip -o $(BUILD)/samples/bound-not-clamped.elf $(BUILD)/mutants/bound-not-clamped.elf
	SOURCE_DATE_EPOCH=1000000000 $(BUILD)/droste grade --monitor $(BUILD)/samples/bound-not-clamped.elf --name sample \
	        --rubric labs/short.json --out docs/samples --exit-zero
