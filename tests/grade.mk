# Grading graded: tests/grade.c on the library, tests/grade.sh as a lecturer and a batch
# engine see it.  The mutants that grade.c has a lesson for are read from its table.

GRADED_MUTANTS := $(shell sed -n 's/^\t{ "\([a-z0-9-]*\)", "[a-z]*", "[a-z-]*", .*/\1/p' tests/grade.c)

$(BUILD)/tests/grade: $(BUILD)/host/tests/grade.o $(GRADE_OBJECTS) $(CHECK_OBJECTS) $(LIBDROSTE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(CHECK_LIBS) $(GRADE_LIBS) $(TEST_LIBS) -o $@

.PHONY: test-grade
test-grade: $(BUILD)/tests/grade $(BAD_MONITORS) $(GRADED_MUTANTS:%=$(BUILD)/mutants/%.elf) all
	timeout 300 $< $(BUILD)/monitor.elf $(BUILD)/guests $(BUILD)/tests/monitors $(BUILD)/mutants
	timeout 300 tests/grade.sh $(BUILD)/droste $(BUILD)
